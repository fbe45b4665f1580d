import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useFloor, useKnown, useList, useRow } from '../use-floor.ts';
import { whyNotBeginClosing, whyNotCloseDay } from '../why-not-people.ts';

export function DaySheet({ day, onClose }: { readonly day: Row<'day'>; readonly onClose: () => void }) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const format = useFormat(useRow('club', 'club'));
  const isClosing = day.state !== 'OPEN';
  const begin = () => void run({ name: 'day.begin_closing', of: 'day', body: {} });
  const close = () => void run({ name: 'day.close', of: 'day', body: {} });
  return (
    <Sheet title={words.businessDay} onClose={onClose}>
      <p>
        {isClosing ? words.dayClosing(format.date(day.date)) : words.dayOpen(format.date(day.date))}
        <br />
        <span className="quiet">{words.daySince(format.time(day.openedAt))}</span>
      </p>
      <StillOpen />
      <p className="hint">{isClosing ? words.closingHelp : words.beginClosingHelp}</p>
      {isClosing ? (
        <HoldButton key="close" why={whyNotCloseDay(known)} label={words.closeDay} onHeld={close} />
      ) : (
        <HoldButton key="begin" why={whyNotBeginClosing(known)} label={words.beginClosing} onHeld={begin} />
      )}
    </Sheet>
  );
}

/** What the node asks for before a day can be closed, as far as this screen sees it. */
function StillOpen() {
  const words = useWords();
  const stages = useList('stage').filter(({ live }) => live !== null);
  const rooms = useList('room').filter(
    ({ session }) => session && session.state !== 'SETTLED' && session.state !== 'CANCELLED',
  );
  const dancers = useList('attendance');
  const drawers = useList('drawer').filter(({ state }) => state === 'OPENED' || state === 'COUNTED');
  const counts = [
    { text: words.stillOnStage, count: stages.length },
    { text: words.stillRooms, count: rooms.length },
    { text: words.stillHere, count: dancers.filter(({ state }) => state === 'CHECKED_IN').length },
    { text: words.stillUnsettled, count: dancers.filter(({ state }) => state === 'CHECKED_OUT').length },
    { text: words.stillDrawers, count: drawers.length },
  ];
  return (
    <dl className="facts">
      {counts.map(({ text, count }) => (
        <div key={text} data-open={count > 0}>
          <dt>{text}</dt>
          <dd className="amount">{count}</dd>
        </div>
      ))}
    </dl>
  );
}
