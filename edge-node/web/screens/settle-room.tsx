import { useState } from 'react';
import { sightOf } from '#shared/domain/rights.ts';
import { centsOf, useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { AmountField } from '../ui/amount-field.tsx';
import { OneOf } from '../ui/choices.tsx';
import { ExplainedButton } from '../ui/command-button.tsx';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotSettle } from '../why-not.ts';
import { DrawerChoice, useDrawer } from './drawer-choice.tsx';

type Props = { readonly room: Row<'room'>; readonly session: NonNullable<Row<'room'>['session']> };

export function SettleRoom({ room, session }: Props) {
  const words = useWords();
  const { run, roles } = useFloor();
  const known = useKnown();
  const format = useFormat(useRow('club', 'club'));
  const isBusy = useBusy(session.session);
  const [method, setMethod] = useState<'cash' | 'card'>('card');
  const [chosen, setChosen] = useState<string | null>(null);
  const [tip, setTip] = useState('');
  const drawer = useDrawer(chosen);
  const tipCents = centsOf(tip);
  const why = whyNotSettle(known, room, { method, drawer }) ?? (tipCents === null ? 'amount_wrong' : null);
  const settle = () =>
    void run({
      name: 'room_session.settle',
      of: session.session,
      body: { method, drawer: method === 'cash' ? (drawer?.id ?? null) : null, tipCents: tipCents ?? 0 },
    });
  return (
    <>
      <OneOf
        legend={words.payBy}
        choices={(['card', 'cash'] as const).map((value) => ({ value, text: words.methods[value] }))}
        value={method}
        onChange={setMethod}
      />
      {method === 'cash' && sightOf(roles) === 'booth' && <p className="hint">{words.drawersHidden}</p>}
      {method === 'cash' && sightOf(roles) !== 'booth' && <DrawerChoice drawer={drawer} onChoose={setChosen} />}
      <AmountField label={words.tip} typed={tip} onType={setTip} />
      {session.grossCents !== null && (
        <p className="total">
          <span>{words.total}</span>{' '}
          <strong className="amount">{format.money(session.grossCents + (tipCents ?? 0))}</strong>
        </p>
      )}
      <ExplainedButton look="primary" why={why} busy={isBusy} onPress={settle}>
        {words.settle}
      </ExplainedButton>
    </>
  );
}
