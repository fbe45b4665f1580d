import { useState } from 'react';
import { may } from '#shared/domain/rights.ts';
import { useFormat } from '../format.ts';
import { useWords, type Words } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { OneOf } from '../ui/choices.tsx';
import { ExplainedButton } from '../ui/command-button.tsx';
import { HoldButton } from '../ui/hold-button.tsx';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotDefer, whyNotPay, whyNotWaive } from '../why-not-people.ts';
import { DrawerChoice, useDrawer } from './drawer-choice.tsx';

type Fee = NonNullable<Row<'attendance'>['fee']>;
type Props = { readonly dancer: Row<'attendance'> };
type FeeProps = Props & { readonly fee: Fee };

export function feeText(fee: Fee, words: Words, money: (cents: number) => string): string {
  return fee.cents === null ? words.fees[fee.state] : words.feeOf(words.fees[fee.state], money(fee.cents));
}

export function DancerFee({ dancer }: Props) {
  const words = useWords();
  const format = useFormat(useRow('club', 'club'));
  const { fee } = dancer;
  if (!fee) return null;
  const isOwed = fee.state === 'ASSESSED' || fee.state === 'DEFERRED';
  return (
    <section className="part" aria-labelledby="fee-title">
      <h3 id="fee-title">{words.houseFee}</h3>
      <p className="fee" data-fee={fee.state}>
        {feeText(fee, words, format.money)}
      </p>
      {isOwed && <PayFee dancer={dancer} fee={fee} />}
      {isOwed && <ForgoFee dancer={dancer} fee={fee} />}
    </section>
  );
}

function PayFee({ dancer, fee }: FeeProps) {
  const words = useWords();
  const { run, roles } = useFloor();
  const known = useKnown();
  const format = useFormat(useRow('club', 'club'));
  const isBusy = useBusy(fee.fee);
  const [chosen, setChosen] = useState<string | null>(null);
  const drawer = useDrawer(chosen);
  const pay = () => drawer && void run({ name: 'house_fee.pay', of: fee.fee, body: { drawer: drawer.id } });
  return (
    <>
      {may(roles, 'house_fee.pay') && <DrawerChoice drawer={drawer} onChoose={setChosen} />}
      <ExplainedButton look="primary" why={whyNotPay(known, dancer, drawer)} busy={isBusy} onPress={pay}>
        {fee.cents === null ? words.payFee : words.payFeeOf(format.money(fee.cents))}
      </ExplainedButton>
    </>
  );
}

/** Later or never: both take a reason, and never is held as it can't be undone. */
function ForgoFee({ dancer, fee }: FeeProps) {
  const words = useWords();
  const { run, roles } = useFloor();
  const known = useKnown();
  const isBusy = useBusy(fee.fee);
  const [picked, setPicked] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const reason = typed.trim() === '' ? (picked ?? '') : typed.trim();
  return (
    <>
      {may(roles, 'house_fee.waive') && (
        <>
          <OneOf
            legend={words.feeWhy}
            choices={words.feeReasons.map((text) => ({ value: text, text }))}
            value={typed.trim() === '' ? picked : null}
            onChange={(value) => {
              setPicked(value);
              setTyped('');
            }}
          />
          <label className="field">
            <span>{words.otherReason}</span>
            <input autoComplete="off" maxLength={200} value={typed} onChange={({ target }) => setTyped(target.value)} />
          </label>
        </>
      )}
      <div className="pair">
        {fee.state === 'ASSESSED' && (
          <ExplainedButton
            why={whyNotDefer(known, dancer, reason)}
            busy={isBusy}
            onPress={() => void run({ name: 'house_fee.defer', of: fee.fee, body: { reason } })}
          >
            {words.deferFee}
          </ExplainedButton>
        )}
        <HoldButton
          why={whyNotWaive(known, dancer, reason)}
          label={words.waiveFee}
          onHeld={() => void run({ name: 'house_fee.waive', of: fee.fee, body: { reason } })}
        />
      </div>
    </>
  );
}
