import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/words.ts';
import { roomPhase, type RoomPhase } from '../room-phase.ts';
import type { Row } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { PendingDot } from '../ui/pending.tsx';
import { useBusy, useFloor, useList, useSecond, useSorted } from '../use-floor.ts';
import { RoomSheet } from './room-sheet.tsx';
import { TimeLeft } from './time-left.tsx';

export function Rooms() {
  const words = useWords();
  const rooms = useSorted(useList('room'));
  const [opened, setOpened] = useState<string | null>(null);
  const close = useCallback(() => setOpened(null), []);
  return (
    <section id="rooms" className="rooms" aria-labelledby="rooms-title">
      <h2 id="rooms-title">{words.rooms}</h2>
      <ul className="cards">
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomCard room={room} onOpen={setOpened} />
          </li>
        ))}
      </ul>
      {rooms.length === 0 && <p className="hint">{words.noRooms}</p>}
      {opened !== null && <RoomSheet key={opened} id={opened} onClose={close} />}
    </section>
  );
}

function RoomCard({ room, onOpen }: { readonly room: Row<'room'>; readonly onOpen: (id: string) => void }) {
  const words = useWords();
  const now = useSecond();
  const phase = roomPhase(room, now);
  const isBusy = useBusy(room.id);
  const { session } = room;
  useAnnounced(room.name, phase);
  return (
    <button type="button" className="card" data-phase={phase} onClick={() => onOpen(room.id)}>
      <span className="card-head">
        <strong>{room.name}</strong>
        {isBusy && <PendingDot />}
      </span>
      <span className="state">
        <Icon name={phase} />
        <span>{words.roomStates[phase]}</span>
      </span>
      <span className="card-who">{session?.dancers.map(({ name }) => name).join(', ')}</span>
      <span className="card-foot">
        {session && room.state !== 'CLEANING' ? (
          <TimeLeft session={session} now={now} />
        ) : session?.state === 'ENDED' ? (
          words.toSettle
        ) : null}
      </span>
    </button>
  );
}

/** Only what changes is said, never the ticking. */
function useAnnounced(room: string, phase: RoomPhase): void {
  const { notices } = useFloor();
  const known = useRef(phase);
  useEffect(() => {
    if (known.current === phase) return;
    known.current = phase;
    if (phase === 'over') notices.voice.set((words) => words.roomOver(room));
    else if (phase === 'soon' || phase === 'last')
      notices.voice.set((words) => words.roomSoon(room, phase === 'last' ? 1 : 3));
  }, [phase, room, notices]);
}
