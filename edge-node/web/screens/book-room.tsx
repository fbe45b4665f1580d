import { useState } from 'react';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { AnyOf } from '../ui/choices.tsx';
import { ExplainedButton } from '../ui/command-button.tsx';
import { useBusy, useFloor, useKnown, useList, useRow } from '../use-floor.ts';
import { whyNotQuote } from '../why-not.ts';
import { RateChoice } from './rate-choice.tsx';

/** Quotes and starts in one press. Where the start is refused, the quote stands and the sheet goes on from there. */
export function BookRoom({ room }: { readonly room: Row<'room'> }) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const rates = useRow('club', 'club')?.rates ?? [];
  const here = useList('attendance').filter(({ state }) => state === 'CHECKED_IN');
  const [chosen, setChosen] = useState<string | null>(null);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const isBusy = useBusy(room.id);
  const rate = rates.find((one) => one.rate === chosen) ?? (rates.length === 1 ? rates[0] : undefined);
  const dancers = here.filter(({ dancer }) => picked.includes(dancer));
  const book = async () => {
    if (!rate) return;
    const quoted = await run({
      name: 'room_session.quote',
      of: room.id,
      body: { rate: rate.rate, dancers: [...picked] },
    });
    if (quoted.ok) await run({ name: 'room_session.start', of: quoted.value.id, body: {} });
  };
  return (
    <>
      <RateChoice legend={words.rate} rates={rates} chosen={rate?.rate ?? null} onChoose={setChosen} />
      {here.length === 0 && <p className="hint">{words.nobodyFree}</p>}
      <AnyOf
        legend={words.whoGoes}
        choices={here
          .toSorted((a, b) => Number(a.where !== 'floor') - Number(b.where !== 'floor') || a.name.localeCompare(b.name))
          .map(({ dancer, name, where }) => ({
            value: dancer,
            text: name,
            why: where === 'floor' ? null : words.wheres[where],
          }))}
        values={picked}
        onChange={setPicked}
      />
      <ExplainedButton
        look="primary"
        why={whyNotQuote(known, room, { rate, dancers })}
        busy={isBusy}
        onPress={() => void book()}
      >
        {words.startRoom}
      </ExplainedButton>
    </>
  );
}
