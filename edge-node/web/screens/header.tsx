import { useEffect, useRef } from 'react';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import { LanguageSwitch } from '../ui/language.tsx';
import { useFloor, useRow, useSecond } from '../use-floor.ts';

/** On a phone the second line scrolls away and the first one stays. */
export function Header({ onSignOut }: { readonly onSignOut: () => void }) {
  const words = useWords();
  const { session } = useFloor();
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
      <div className="bar">
        <ClubAndDay />
        <CloudMark />
        <LinkPill />
      </div>
    </header>
  );
}

function ClubAndDay() {
  const words = useWords();
  const club = useRow('club', 'club');
  const day = useRow('day', 'day');
  const format = useFormat(club);
  const date = day && format.date(day.date);
  return (
    <div className="club">
      <h1>{club?.name ?? words.noClub}</h1>
      <p>{!day || !date ? words.dayNone : day.state === 'CLOSING' ? words.dayClosing(date) : words.dayOpen(date)}</p>
    </div>
  );
}

/** The internet is not needed to run a night, so that it is down is a small thing. */
function CloudMark() {
  const words = useWords();
  const { cloud } = useSignal(useFloor().link);
  if (cloud.link !== 'down' && cloud.link !== 'halted') return null;
  const text = cloud.link === 'down' ? words.cloudDown(cloud.waiting) : words.cloudHalted(cloud.waiting);
  return (
    <span className="cloud" role="img" aria-label={text} data-cloud={cloud.link}>
      <Icon name="cloud" />
      <span aria-hidden="true">{cloud.waiting}</span>
    </span>
  );
}

const QUIET_MS = 2_000;
const GONE_MS = 10_000;
const OLD_MS = 30_000;
export type LinkLook = 'live' | 'reconnecting' | 'unreachable';

function LinkPill() {
  const words = useWords();
  const { link, notices } = useFloor();
  const { open, heardAt } = useSignal(link);
  const opened = useRef(Date.now());
  useSecond();
  const silentMs = Date.now() - (heardAt ?? opened.current);
  const look: LinkLook = silentMs > GONE_MS ? 'unreachable' : (open || silentMs <= QUIET_MS) && heardAt !== null ? 'live' : 'reconnecting';
  useEffect(() => {
    document.documentElement.toggleAttribute('data-old', silentMs > OLD_MS);
  });
  const known = useRef<LinkLook | null>(null);
  useEffect(() => {
    if (known.current !== null && known.current !== 'live' && look === 'live') notices.voice.set((now) => now.connectionBack);
    if (look === 'unreachable') notices.voice.set((now) => now.unreachable);
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
          <strong>{words.unreachable}</strong> {words.stale(Math.floor(silentMs / 60_000))}
        </p>
      )}
    </>
  );
}
