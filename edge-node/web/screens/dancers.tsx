import { useCallback, useMemo, useState } from 'react';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { useBusy, useFloor, useKnown, useList, useRow, useSorted } from '../use-floor.ts';
import { useHeld } from '../use-held.ts';
import { whyNotAdd } from '../why-not.ts';
import { whyNotOpenCheckIn } from '../why-not-people.ts';
import { feeText } from './dancer-fee.tsx';
import { CheckInSheet, DancerSheet } from './sheets.ts';

export function Dancers() {
  const words = useWords();
  const known = useKnown();
  const all = useList('attendance');
  const [opened, setOpened] = useState<string | null>(null);
  const [isFinding, setFinding] = useState(false);
  const closeDancer = useCallback(() => setOpened(null), []);
  const closeFinding = useCallback(() => setFinding(false), []);
  const sorted = useMemo(
    () => all.toSorted((a, b) => Number(a.where === 'out') - Number(b.where === 'out') || a.name.localeCompare(b.name)),
    [all],
  );
  const { shown, touch } = useHeld(sorted);
  return (
    <section id="dancers" className="dancers" aria-labelledby="dancers-title">
      <div className="section-head">
        <h2 id="dancers-title">{words.dancers}</h2>
        <CommandButton look="primary" why={whyNotOpenCheckIn(known)} onPress={() => setFinding(true)}>
          {words.checkIn}
        </CommandButton>
      </div>
      <ul className="roll" {...touch}>
        {shown.map((dancer) => (
          <Dancer key={dancer.id} dancer={dancer} onOpen={setOpened} />
        ))}
      </ul>
      {sorted.length === 0 && <p className="hint">{words.noDancers}</p>}
      {opened !== null && <DancerSheet key={opened} id={opened} onClose={closeDancer} />}
      {isFinding && <CheckInSheet onClose={closeFinding} />}
    </section>
  );
}

type DancerProps = { readonly dancer: Row<'attendance'>; readonly onOpen: (id: string) => void };

function Dancer({ dancer, onOpen }: DancerProps) {
  const words = useWords();
  const format = useFormat(useRow('club', 'club'));
  const { fee } = dancer;
  return (
    <li className="dancer" data-where={dancer.where}>
      <button type="button" className="dancer-who" aria-haspopup="dialog" onClick={() => onOpen(dancer.id)}>
        <strong>{dancer.name}</strong>
        <span className="state">
          <Icon name={dancer.where} />
          <span>{words.wheres[dancer.where]}</span>
        </span>
        {fee && (
          <span className="fee" data-fee={fee.state}>
            {feeText(fee, words, format.money)}
          </span>
        )}
      </button>
      {dancer.state === 'CHECKED_IN' && <AddButtons dancer={dancer} />}
    </li>
  );
}

function AddButtons({ dancer }: { readonly dancer: Row<'attendance'> }) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const stages = useSorted(useList('stage'));
  const entries = useList('entry');
  const isBusy = useBusy(dancer.id);
  return (
    <div className="adds">
      {stages.map(({ id, name }) => (
        <CommandButton
          key={id}
          why={whyNotAdd(known, { dancer, entries: entries.filter(({ stage }) => stage === id) })}
          busy={isBusy}
          label={words.addDancerTo(dancer.name, name)}
          onPress={() => void run({ name: 'rotation.add', of: id, body: { dancer: dancer.dancer } })}
        >
          {words.addTo(name)}
        </CommandButton>
      ))}
    </div>
  );
}
