import { useMemo } from 'react';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { useBusy, useFloor, useKnown, useList, useRow, useSorted } from '../use-floor.ts';
import { whyNotAdd } from '../why-not.ts';

export function Dancers() {
  const words = useWords();
  const all = useList('attendance');
  const sorted = useMemo(() => all.toSorted((a, b) => Number(a.where === 'out') - Number(b.where === 'out') || a.name.localeCompare(b.name)), [all]);
  return (
    <section id="dancers" className="dancers" aria-labelledby="dancers-title">
      <h2 id="dancers-title">{words.dancers}</h2>
      <ul className="roll">
        {sorted.map((dancer) => (
          <Dancer key={dancer.id} dancer={dancer} />
        ))}
      </ul>
      {sorted.length === 0 && <p className="hint">{words.noDancers}</p>}
    </section>
  );
}

function Dancer({ dancer }: { readonly dancer: Row<'attendance'> }) {
  const words = useWords();
  const format = useFormat(useRow('club', 'club'));
  const { fee } = dancer;
  const feeText = fee && (fee.cents === null ? words.fees[fee.state] : words.feeOf(words.fees[fee.state], format.money(fee.cents)));
  return (
    <li className="dancer" data-where={dancer.where}>
      <div className="dancer-who">
        <strong>{dancer.name}</strong>
        <span className="state">
          <Icon name={dancer.where} />
          <span>{words.wheres[dancer.where]}</span>
        </span>
        {fee && (
          <span className="fee" data-fee={fee.state}>
            {feeText}
          </span>
        )}
      </div>
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
