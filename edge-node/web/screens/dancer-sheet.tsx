import { useWords } from '../i18n/words.ts';
import type { Entry } from '../order.ts';
import type { Row } from '../store.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useBusy, useFloor, useKnown, useList, useRow } from '../use-floor.ts';
import { whyNotRemove } from '../why-not-people.ts';
import { DancerFee } from './dancer-fee.tsx';
import { CheckOut, SettleDancer } from './dancer-leaves.tsx';

export function DancerSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords();
  const dancer = useRow('attendance', id);
  if (!dancer) return null;
  return (
    <Sheet title={dancer.name} onClose={onClose}>
      <p className="state">
        <Icon name={dancer.where} />
        <span>{dancer.state === 'SETTLED' ? words.settled : words.wheres[dancer.where]}</span>
      </p>
      <DancerFee dancer={dancer} />
      {dancer.state === 'CHECKED_IN' && <Rotations dancer={dancer} />}
      {dancer.state === 'CHECKED_IN' && <CheckOut dancer={dancer} />}
      {dancer.state !== 'SETTLED' && <SettleDancer dancer={dancer} />}
    </Sheet>
  );
}

function Rotations({ dancer }: { readonly dancer: Row<'attendance'> }) {
  const words = useWords();
  const entries = useList('entry').filter((one) => one.dancer === dancer.dancer);
  return (
    <section className="part" aria-labelledby="rotations-title">
      <h3 id="rotations-title">{words.rotations}</h3>
      {entries.length === 0 && <p className="quiet">{words.inNoRotation}</p>}
      <ul className="roll">
        {entries.map((entry) => (
          <InRotation key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

/** Her place can't be given back, so what is offered afterwards is to add her again, at the end. */
function InRotation({ entry }: { readonly entry: Entry }) {
  const words = useWords();
  const { run, roles, notices } = useFloor();
  const known = useKnown();
  const isBusy = useBusy(entry.id);
  const { id, stage, dancer, name } = entry;
  const stageName = useRow('stage', stage)?.name ?? '';
  const remove = async () => {
    const reason = roles.includes('dj') ? 'dj' : 'manager';
    const answer = await run({ name: 'rotation.remove', of: id, body: { reason } });
    if (!answer.ok) return;
    const add = () => void run({ name: 'rotation.add', of: stage, body: { dancer } });
    notices.add({
      say: (now) => now.removed(name, stageName),
      tone: 'good',
      stage: null,
      action: { say: (now) => now.addAgain, run: add },
    });
  };
  return (
    <li className="in-rotation">
      <span>{stageName}</span>
      <CommandButton
        why={whyNotRemove(known, entry)}
        busy={isBusy}
        label={words.removeOf(name, stageName)}
        onPress={() => void remove()}
      >
        {words.remove}
      </CommandButton>
    </li>
  );
}
