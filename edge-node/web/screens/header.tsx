import { useCallback, useEffect, useRef, useState } from 'react';
import { may } from '#shared/domain/rights.ts';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Link } from '../live.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import { LanguageSwitch } from '../ui/language.tsx';
import { useFloor, useRow } from '../use-floor.ts';
import { BoothAlarm } from './booth-bar.tsx';
import { BoxBanner, BoxStrip } from './box-strip.tsx';
import { DaySheet } from './day-sheet.tsx';

/** On a phone the second line scrolls away and the first one stays. */
export function Header({ onSignOut }: { readonly onSignOut: () => void }) {
  const words = useWords();
  const { session, roles } = useFloor();
  return (
    <header className="top">
      <div className="who">
        <span className="who-name">
          <span className="unseen">{words.signedInAs(session.name)}</span>
          <span aria-hidden="true">{session.name}</span>
        </span>
        <LanguageSwitch />
        <button type="button" className="button" onClick={onSignOut}>
          {words.signOut}
        </button>
      </div>
      {may(roles, 'recovery.finish') && <BoxStrip />}
      <div className="bar">
        <ClubAndDay />
        <CloudMark />
        <LinkPill />
      </div>
      <BoxBanner />
      <BoothAlarm />
    </header>
  );
}

function ClubAndDay() {
  const words = useWords();
  const club = useRow('club', 'club');
  const day = useRow('day', 'day');
  const format = useFormat(club);
  const date = day && format.date(day.date);
  // The day it was opened for: the next night's sheet does not come up by itself.
  const [opened, setOpened] = useState<string | null>(null);
  const close = useCallback(() => setOpened(null), []);
  return (
    <>
      <div className="club">
        <h1>{club?.name ?? words.noClub}</h1>
        {day && date ? (
          <button type="button" className="day" aria-haspopup="dialog" onClick={() => setOpened(day.day)}>
            <span>{day.state === 'OPEN' ? words.dayOpen(date) : words.dayClosing(date)}</span>
            <Icon name="more" />
          </button>
        ) : (
          <p>{words.dayNone}</p>
        )}
      </div>
      {day && opened === day.day && <DaySheet day={day} onClose={close} />}
    </>
  );
}

/** The internet is not needed to run a night, so that it is down is a small thing. */
function CloudMark() {
  const words = useWords();
  const { cloud } = useSignal(useFloor().link);
  if (cloud?.link !== 'down' && cloud?.link !== 'halted') return null;
  const text = cloud.link === 'down' ? words.cloudDown(cloud.waiting) : words.cloudHalted(cloud.waiting);
  return (
    <span className="cloud" data-cloud={cloud.link}>
      <Icon name="cloud" />
      <span className="unseen">{text}</span>
      <span aria-hidden="true">{cloud.waiting}</span>
    </span>
  );
}

function LinkPill() {
  const words = useWords();
  const { link, notices } = useFloor();
  const { look, isOld, staleMinutes } = useSignal(link);
  const known = useRef<Link['look'] | null>(null);
  useEffect(() => {
    document.documentElement.toggleAttribute('data-old', isOld);
  }, [isOld]);
  useEffect(() => {
    // The first connection is no news.
    if (known.current === null && look !== 'live') return;
    if (known.current !== null && known.current !== look)
      notices.voice.set((now) => (look === 'live' ? now.connectionBack : now[look]));
    known.current = look;
  }, [look, notices]);
  return (
    <>
      <span className="pill" data-link={look}>
        <Icon name={look === 'live' ? 'live' : look === 'reconnecting' ? 'free' : 'over'} />
        <span>{words[look]}</span>
      </span>
      {look === 'unreachable' && (
        <p className="banner">
          <strong>{words.unreachable}</strong> {words.stale(staleMinutes)}
        </p>
      )}
    </>
  );
}
