import { useState } from 'react';
import type { EndReason } from '#shared/domain/event.ts';
import { useWords } from '../i18n/words.ts';
import { roomPhase } from '../room-phase.ts';
import type { Row } from '../store.ts';
import { OneOf } from '../ui/choices.tsx';
import { ExplainedButton } from '../ui/command-button.tsx';
import { HoldButton } from '../ui/hold-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useBusy, useFloor, useKnown, useList, useRow, useSecond } from '../use-floor.ts';
import { whyNotCancel, whyNotClean, whyNotEnd, whyNotExtend, whyNotStart } from '../why-not.ts';
import { BookRoom } from './book-room.tsx';
import { RateChoice } from './rate-choice.tsx';
import { SettleRoom } from './settle-room.tsx';
import { TimeLeft } from './time-left.tsx';

type RoomProps = { readonly room: Row<'room'> };
type SessionProps = RoomProps & { readonly session: NonNullable<Row<'room'>['session']> };

export function RoomSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords();
  const room = useRow('room', id);
  const now = useSecond();
  if (!room) return null;
  const phase = roomPhase(room, now);
  const { session } = room;
  return (
    <Sheet title={room.name} onClose={onClose}>
      <p className="state" data-phase={phase}>
        <Icon name={phase} />
        <span>{words.roomStates[phase]}</span>
      </p>
      {session && <p>{session.dancers.map(({ name }) => name).join(', ')}</p>}
      {session?.state === 'RUNNING' && (
        <p className="sheet-time">
          <TimeLeft session={session} now={now} />
        </p>
      )}
      <RoomSteps room={room} />
    </Sheet>
  );
}

/** What can be done with a room follows from where it stands. */
function RoomSteps({ room }: RoomProps) {
  const { session } = room;
  if (room.state === 'AVAILABLE' || !session)
    return room.state === 'CLEANING' ? <CleanRoom room={room} /> : <BookRoom room={room} />;
  if (session.state === 'QUOTED') return <QuotedRoom room={room} session={session} />;
  if (session.state === 'RUNNING') return <RunningRoom room={room} session={session} />;
  return (
    <>
      {session.state === 'ENDED' && <SettleRoom room={room} session={session} />}
      <CleanRoom room={room} />
    </>
  );
}

function QuotedRoom({ room, session }: SessionProps) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const inside = useList('attendance').filter(({ dancer }) => session.dancers.some((one) => one.dancer === dancer));
  const isBusy = useBusy(session.session);
  const [reason, setReason] = useState<string | null>(null);
  const of = session.session;
  return (
    <>
      <ExplainedButton
        look="primary"
        why={whyNotStart(known, room, inside)}
        busy={isBusy}
        onPress={() => void run({ name: 'room_session.start', of, body: {} })}
      >
        {words.startQuoted}
      </ExplainedButton>
      <OneOf
        legend={words.cancelWhy}
        choices={words.cancelReasons.map((text) => ({ value: text, text }))}
        value={reason}
        onChange={setReason}
      />
      <ExplainedButton
        look="danger"
        why={whyNotCancel(known, room) ?? (reason === null ? 'reason_missing' : null)}
        busy={isBusy}
        onPress={() => void run({ name: 'room_session.cancel', of, body: { reason: reason ?? '' } })}
      >
        {words.cancelQuote}
      </ExplainedButton>
    </>
  );
}

const END_REASONS: readonly EndReason[] = ['time', 'guest', 'dancer', 'manager', 'safety'];

function RunningRoom({ room, session }: SessionProps) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const isOver = (session.plannedEnd ?? 0) <= known.now;
  const [reason, setReason] = useState<EndReason>(isOver ? 'time' : 'guest');
  return (
    <>
      <ExtendRoom room={room} session={session} />
      <OneOf
        legend={words.endWhy}
        choices={END_REASONS.map((value) => ({ value, text: words.endReasons[value] }))}
        value={reason}
        onChange={setReason}
      />
      <HoldButton
        why={whyNotEnd(known, room)}
        label={words.endNow}
        onHeld={() => void run({ name: 'room_session.end', of: session.session, body: { reason } })}
      />
    </>
  );
}

/** Not undone by anything, so it takes three choices: how long, who asked, and the button. */
function ExtendRoom({ room, session }: SessionProps) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const rates = useRow('club', 'club')?.rates ?? [];
  const isBusy = useBusy(session.session);
  const [chosen, setChosen] = useState<string | null>(null);
  const [askedBy, setAskedBy] = useState<'guest' | 'dancer'>('guest');
  const rate = rates.find((one) => one.rate === chosen);
  const extend = async () => {
    if (!rate) return;
    const answer = await run({
      name: 'room_session.extend',
      of: session.session,
      body: { rate: rate.rate, askedBy, fromMinutes: session.minutes },
    });
    if (answer.ok) setChosen(null);
  };
  return (
    <>
      <RateChoice legend={words.extend} rates={rates} chosen={chosen} onChoose={setChosen} />
      <OneOf
        legend={words.askedBy}
        choices={(['guest', 'dancer'] as const).map((value) => ({ value, text: words.askers[value] }))}
        value={askedBy}
        onChange={setAskedBy}
      />
      <ExplainedButton look="primary" why={whyNotExtend(known, room, rate)} busy={isBusy} onPress={() => void extend()}>
        {rate ? words.extendBy(rate.minutes) : words.extend}
      </ExplainedButton>
    </>
  );
}

function CleanRoom({ room }: RoomProps) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const isBusy = useBusy(room.id);
  return (
    <ExplainedButton
      look="primary"
      why={whyNotClean(known, room)}
      busy={isBusy}
      onPress={() => void run({ name: 'room.clean', of: room.id, body: {} })}
    >
      {words.clean}
    </ExplainedButton>
  );
}
