import { useCallback, useEffect, useState } from 'react';
import { may, sightOf } from '#shared/domain/rights.ts';
import type { Floor } from '../floor.ts';
import { useWords } from '../i18n/words.ts';
import { Notices, Voice } from '../ui/notices.tsx';
import { FloorContext, useFloor, useRow } from '../use-floor.ts';
import { BoothBar } from './booth-bar.tsx';
import { ClosedDay } from './closed-day.tsx';
import { Dancers } from './dancers.tsx';
import { Drawers } from './drawers.tsx';
import { Music } from './music.tsx';
import { Header } from './header.tsx';
import { Rooms } from './rooms.tsx';
import { BoothView, preloadSheets } from './sheets.ts';
import { Stages } from './stages.tsx';

type Props = { readonly floor: Floor; readonly onSignOut: () => void };

export function FloorScreen({ floor, onSignOut }: Props) {
  return (
    <FloorContext value={floor}>
      <Board onSignOut={onSignOut} />
    </FloorContext>
  );
}

/** What a role works with comes first. */
function Board({ onSignOut }: { readonly onSignOut: () => void }) {
  const words = useWords();
  const { roles } = useFloor();
  const club = useRow('club', 'club');
  const day = useRow('day', 'day');
  useEffect(preloadSheets, []);
  const [isPlaying, setPlaying] = useState(false);
  const toFloor = useCallback(() => setPlaying(false), []);
  const isBooth = may(roles, 'rotation.move');
  const isRooms = may(roles, 'room_session.start');
  const sections =
    isBooth || !isRooms ? (['stages', 'rooms', 'dancers'] as const) : (['rooms', 'stages', 'dancers'] as const);
  // Before the first rows come, nothing is known to be closed.
  const isClosed = club !== undefined && day === undefined;
  const shown = isClosed ? (['rooms'] as const) : sections;
  const screens = { stages: <Stages key="stages" />, rooms: <Rooms key="rooms" />, dancers: <Dancers key="dancers" /> };
  if (isPlaying)
    return (
      <>
        <Header onSignOut={onSignOut} />
        <BoothView onClose={toFloor} />
        <Notices />
        <Voice />
      </>
    );
  return (
    <>
      <Header onSignOut={onSignOut} />
      <main className="board">
        {may(roles, 'play.record') && <BoothBar onOpen={() => setPlaying(true)} />}
        {isClosed && <ClosedDay />}
        {shown.map((name) => screens[name])}
        {!isClosed && <Drawers />}
        <Music />
      </main>
      <nav className="jump" aria-label={words.sections}>
        {(isClosed || sightOf(roles) === 'booth' ? shown : ([...shown, 'drawers'] as const)).map((name) => (
          <a key={name} href={`#${name}`}>
            {words[name]}
          </a>
        ))}
      </nav>
      <Notices />
      <Voice />
    </>
  );
}
