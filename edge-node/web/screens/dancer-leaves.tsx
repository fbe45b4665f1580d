import { useCallback, useState } from 'react';
import { may } from '#shared/domain/rights.ts';
import { askBalance } from '../api.ts';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { ExplainedButton } from '../ui/command-button.tsx';
import { useAsked } from '../use-asked.ts';
import { useBusy, useFloor, useKnown, useList, useRow } from '../use-floor.ts';
import { whyNotCheckOut, whyNotSettleDancer } from '../why-not-people.ts';
import { DrawerChoice, useDrawer } from './drawer-choice.tsx';

type Props = { readonly dancer: Row<'attendance'> };

/** Coming back the same night costs nothing, so a wrong check-out is made good by a check-in. */
export function CheckOut({ dancer }: Props) {
  const words = useWords();
  const { run, notices } = useFloor();
  const known = useKnown();
  const rooms = useList('room');
  const of = dancer.dancer;
  const isBusy = useBusy(of);
  const checkOut = async () => {
    const answer = await run({ name: 'attendance.check_out', of, body: {} });
    if (!answer.ok) return;
    const back = () => void run({ name: 'attendance.check_in', of, body: {} });
    notices.add({
      say: (now) => now.checkedOut(dancer.name),
      tone: 'good',
      stage: null,
      action: { say: (now) => now.checkInAgain, run: back },
    });
  };
  return (
    <ExplainedButton
      look="primary"
      why={whyNotCheckOut(known, dancer, rooms)}
      busy={isBusy}
      onPress={() => void checkOut()}
    >
      {words.checkOut}
    </ExplainedButton>
  );
}

/** Who may not settle, may not see what she has earned. */
export function SettleDancer({ dancer }: Props) {
  const words = useWords();
  const { run, roles } = useFloor();
  const known = useKnown();
  const of = dancer.dancer;
  const isBusy = useBusy(of);
  const [chosen, setChosen] = useState<string | null>(null);
  const drawer = useDrawer(chosen);
  const isAllowed = may(roles, 'attendance.settle');
  const settle = () => drawer && void run({ name: 'attendance.settle', of, body: { drawer: drawer.id } });
  return (
    <section className="part" aria-labelledby="settle-title">
      <h3 id="settle-title">{words.balance}</h3>
      {isAllowed && <Balance dancer={dancer} />}
      {isAllowed && dancer.state === 'CHECKED_OUT' && <DrawerChoice drawer={drawer} onChoose={setChosen} />}
      <ExplainedButton look="primary" why={whyNotSettleDancer(known, dancer, drawer)} busy={isBusy} onPress={settle}>
        {words.settleDancer}
      </ExplainedButton>
    </section>
  );
}

/** No row of the live feed carries it, so it is asked for anew whenever something happens that may have changed it. */
function Balance({ dancer }: Props) {
  const words = useWords();
  const { session } = useFloor();
  const format = useFormat(useRow('club', 'club'));
  const rooms = useList('room').flatMap((room) => {
    const isHers = room.session?.dancers.some((one) => one.dancer === dancer.dancer);
    return isHers && room.session ? [`${room.session.session} ${room.session.state}`] : [];
  });
  const since = [dancer.state, dancer.fee?.state, ...rooms].join(' ');
  const of = dancer.dancer;
  const { answer, again } = useAsked(
    useCallback(() => askBalance(of, session.token), [of, session.token]),
    since,
  );
  if (answer && !answer.ok) {
    return (
      <div className="failed">
        <p className="trouble">{words.troubles[answer.trouble]}</p>
        <button type="button" className="button" onClick={again}>
          {words.retry}
        </button>
      </div>
    );
  }
  const cents = answer?.value.cents ?? null;
  return (
    <p className="total">
      <span>
        {cents === null ? words.asking : cents > 0 ? words.sheOwes : cents < 0 ? words.sheIsOwed : words.nothingOwed}
      </span>
      <strong className="amount">{cents === null ? ' ' : format.money(Math.abs(cents))}</strong>
    </p>
  );
}
