import { useState } from 'react';
import { whoMaySignIn } from '../api.ts';
import { centsOf, useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { AmountField } from '../ui/amount-field.tsx';
import { ExplainedButton } from '../ui/command-button.tsx';
import { HoldButton } from '../ui/hold-button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useAsked } from '../use-asked.ts';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotCloseDrawer, whyNotCount, whyNotDrop, whyNotOpenDrawer } from '../why-not-people.ts';

type Props = { readonly drawer: Row<'drawer'> };

/** What should be in a drawer is shown nowhere here, before the count or after it. */
export function DrawerSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords();
  const drawer = useRow('drawer', id);
  const format = useFormat(useRow('club', 'club'));
  if (!drawer) return null;
  const { state, responsible, bankCents } = drawer;
  const isOpen = state === 'OPENED' || state === 'COUNTED';
  return (
    <Sheet title={words.drawerOf(drawer.name)} onClose={onClose}>
      <p>
        {state === null ? words.drawerNever : words.drawerStates[state]}
        {isOpen && responsible !== null && ` · ${responsible}`}
      </p>
      {isOpen && bankCents !== null && (
        <p className="total">
          <span>{words.bank}</span> <strong className="amount">{format.money(bankCents)}</strong>
        </p>
      )}
      {!isOpen && <OpenDrawer drawer={drawer} />}
      {state === 'OPENED' && <DropCash drawer={drawer} />}
      {state === 'OPENED' && <CountDrawer drawer={drawer} />}
      {state === 'COUNTED' && <CloseDrawer drawer={drawer} />}
    </Sheet>
  );
}

function OpenDrawer({ drawer }: Props) {
  const words = useWords();
  const { run, session } = useFloor();
  const known = useKnown();
  const isBusy = useBusy(drawer.id);
  const { answer } = useAsked(whoMaySignIn);
  const [responsible, setResponsible] = useState(session.staff);
  const [typed, setTyped] = useState('');
  const cents = centsOf(typed);
  const others = answer?.ok ? answer.value.staff.filter(({ staff }) => staff !== session.staff) : [];
  const body = { responsible, bankCents: cents ?? 0 };
  return (
    <>
      <label className="field">
        <span>{words.responsible}</span>
        <select value={responsible} onChange={({ target }) => setResponsible(target.value)}>
          <option value={session.staff}>{session.name}</option>
          {others.map(({ staff, name }) => (
            <option key={staff} value={staff}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <AmountField label={words.bankCounted} typed={typed} onType={setTyped} />
      <ExplainedButton
        look="primary"
        why={whyNotOpenDrawer(known, drawer, { typed, cents })}
        busy={isBusy}
        onPress={() => void run({ name: 'drawer.open', of: drawer.id, body })}
      >
        {words.openDrawer}
      </ExplainedButton>
    </>
  );
}

function DropCash({ drawer }: Props) {
  const words = useWords();
  const { run, notices } = useFloor();
  const known = useKnown();
  const format = useFormat(useRow('club', 'club'));
  const isBusy = useBusy(drawer.id);
  const [typed, setTyped] = useState('');
  const cents = centsOf(typed);
  const drop = async () => {
    const answer = await run({ name: 'drawer.drop', of: drawer.id, body: { cents: cents ?? 0 } });
    if (!answer.ok) return;
    setTyped('');
    const amount = format.money(cents ?? 0);
    notices.add({ say: (now) => now.droppedCash(amount, drawer.name), tone: 'good', stage: null, action: null });
  };
  return (
    <section className="part" aria-labelledby="drop-title">
      <h3 id="drop-title">{words.dropTitle}</h3>
      <AmountField label={words.dropAmount} typed={typed} onType={setTyped} />
      <ExplainedButton
        look="primary"
        why={whyNotDrop(known, drawer, { typed, cents })}
        busy={isBusy}
        onPress={() => void drop()}
      >
        {words.drop}
      </ExplainedButton>
    </section>
  );
}

/** Blind, and the first count stands: so it is held. */
function CountDrawer({ drawer }: Props) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const [typed, setTyped] = useState('');
  const cents = centsOf(typed);
  const count = () => void run({ name: 'drawer.count', of: drawer.id, body: { countedCents: cents ?? 0 } });
  return (
    <section className="part" aria-labelledby="count-title">
      <h3 id="count-title">{words.countTitle}</h3>
      <p className="quiet">{words.countHelp}</p>
      <AmountField label={words.countAmount} typed={typed} onType={setTyped} />
      <HoldButton why={whyNotCount(known, drawer, { typed, cents })} label={words.count} onHeld={count} />
    </section>
  );
}

function CloseDrawer({ drawer }: Props) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const close = () => void run({ name: 'drawer.close', of: drawer.id, body: {} });
  return (
    <>
      <p className="hint">{words.closeDrawerHelp}</p>
      <HoldButton why={whyNotCloseDrawer(known, drawer)} label={words.closeDrawer} onHeld={close} />
    </>
  );
}
