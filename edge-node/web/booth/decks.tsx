import { useState } from 'react';
import type { BoothAnswer, Deck as DeckName, NowPlaying } from '#shared/contract/booth-api.ts';
import type { TrackRow } from '#shared/contract/music-api.ts';
import type { TrackEdit } from '#shared/domain/track-events.ts';
import { runningTime } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import { useFloor, useSecond } from '../use-floor.ts';
import type { Booth } from './booth.ts';
import { nameOf } from './names.ts';
import { Waveform } from './waveform.tsx';

const NAMES = ['a', 'b'] as const;
const TRIM_DB_MAX = 6;

export function Decks({ booth }: { readonly booth: Booth }) {
  const state = useSignal(booth.state);
  if (!state) return null;
  return (
    <section className="booth-decks">
      {NAMES.map((name) => (
        <DeckPanel key={name} booth={booth} name={name} state={state} />
      ))}
      <Transport booth={booth} state={state} />
    </section>
  );
}

type Shown = {
  readonly title: string;
  readonly who: string | null;
  readonly track: TrackRow | null;
  readonly look: 'on' | 'ready' | 'loading' | 'empty';
};

/** The player knows its decks; a remote knows what plays and what comes. */
function useShown(booth: Booth, name: DeckName, state: BoothAnswer): Shown {
  const decks = useSignal(booth.decks);
  const { now } = state;
  const isOn = decks ? decks.active === name : (now?.deck ?? 'a') === name;
  const next = state.programme.find(({ track }) => track !== null);
  const mine = decks?.decks[name];
  const item = mine ? mine.loaded : isOn ? now : next;
  if (!item) return { title: '', who: null, track: null, look: 'empty' };
  const look = isOn ? 'on' : mine && !mine.isReady ? 'loading' : 'ready';
  return { title: nameOf(item), who: item.turn?.name ?? null, track: item.track, look };
}

function DeckPanel({
  booth,
  name,
  state,
}: {
  readonly booth: Booth;
  readonly name: DeckName;
  readonly state: BoothAnswer;
}) {
  const words = useWords();
  const { title, who, track, look } = useShown(booth, name, state);
  const says = {
    on: words.booth.deckOn,
    ready: words.booth.deckReady,
    loading: words.booth.deckLoading,
    empty: words.booth.deckEmpty,
  };
  return (
    <div className="deck" data-deck={name} data-look={look}>
      <h3>
        {words.booth.deck[name]} <span className="quiet">{says[look]}</span>
      </h3>
      <p className="deck-title">
        <strong>{title || ' '}</strong>
        {who !== null && <span className="quiet"> {who}</span>}
      </p>
      {look === 'on' && track && state.now ? (
        <Playing booth={booth} now={state.now} track={track} isPaused={state.paused} />
      ) : (
        <>
          <p className="deck-time timer quiet">{track ? runningTime(track.seconds * 1_000) : ' '}</p>
          <div className="waveform" />
        </>
      )}
      {track && <Trim booth={booth} name={name} track={track} />}
    </div>
  );
}

type PlayingProps = {
  readonly booth: Booth;
  readonly now: NowPlaying;
  readonly track: TrackRow;
  readonly isPaused: boolean;
};

/** Where it is, by the node's clock, between what the player says of itself. */
function Playing({ booth, now, track, isPaused }: PlayingProps) {
  const words = useWords();
  const second = useSecond();
  const { clock } = useFloor();
  const lengthMs = track.seconds * 1_000;
  const at = (time: number) => Math.min(lengthMs, now.positionMs + (isPaused ? 0 : Math.max(0, time - now.heardAt)));
  const atMs = at(second);
  const seek = (positionMs: number) =>
    booth.order({ order: 'seek', item: now.item, positionMs: Math.round(Math.max(0, Math.min(lengthMs, positionMs))) });
  return (
    <>
      <p className="deck-time">
        <span className="timer">{runningTime(atMs)}</span>
        <span className="timer quiet">{words.booth.left(runningTime(lengthMs - atMs))}</span>
      </p>
      <Waveform booth={booth} track={track} atMs={atMs} onSeek={seek} />
      <Cues edit={(change) => booth.edit(track.track, change)} atS={() => Math.round(at(clock.now()) / 10) / 100} />
    </>
  );
}

type CueProps = { readonly edit: (change: Partial<TrackEdit>) => void; readonly atS: () => number };

/** Where it begins and ends when it plays again; what plays now goes on as it began. */
function Cues({ edit, atS }: CueProps) {
  const { booth } = useWords();
  return (
    <div className="deck-trim">
      <button type="button" className="button" onClick={() => edit({ cueIn: atS() })}>
        {booth.cueIn}
      </button>
      <button type="button" className="button" onClick={() => edit({ cueOut: atS() })}>
        {booth.cueOut}
      </button>
      <button type="button" className="button" onClick={() => edit({ cueIn: null, cueOut: null })}>
        {booth.cuesOwn}
      </button>
    </div>
  );
}

type TrimProps = { readonly booth: Booth; readonly name: DeckName; readonly track: TrackRow };

/** One is as loud as the next by their renditions; this is what the ear of the DJ says of a track, now and when it plays again. */
function Trim({ booth, name, track: { track, trimDb } }: TrimProps) {
  const words = useWords();
  const [set, setSet] = useState({ track, db: trimDb });
  const db = set.track === track ? set.db : trimDb;
  const part = useSignal(booth.part);
  if (part === 'remote') return null;
  const change = (by: number) => {
    const wanted = Math.max(-TRIM_DB_MAX * 2, Math.min(TRIM_DB_MAX, db + by));
    setSet({ track, db: wanted });
    booth.trim(name, wanted);
    booth.edit(track, { trimDb: wanted === 0 ? null : wanted });
  };
  const deck = words.booth.deck[name];
  return (
    <div className="deck-trim">
      <button type="button" className="button" aria-label={words.booth.softer(deck)} onClick={() => change(-1)}>
        <Icon name="down" />
      </button>
      <output className="timer">{words.booth.decibels(db)}</output>
      <button type="button" className="button" aria-label={words.booth.louder(deck)} onClick={() => change(1)}>
        <Icon name="up" />
      </button>
    </div>
  );
}

function Transport({ booth, state }: { readonly booth: Booth; readonly state: BoothAnswer }) {
  const words = useWords();
  const { notices } = useFloor();
  const part = useSignal(booth.part);
  const { now, paused } = state;
  const skip = () => {
    if (now) booth.order({ order: 'skip', item: now.item });
    else notices.voice.set((say) => say.booth.nobodyPlays);
  };
  return (
    <div className="booth-transport">
      <button
        type="button"
        className="button"
        aria-pressed={paused}
        onClick={() => booth.order({ order: paused ? 'resume' : 'pause' })}
      >
        {paused ? words.booth.resume : words.booth.pause}
      </button>
      <button type="button" className="button" onClick={skip}>
        {words.booth.skip}
      </button>
      {part !== 'remote' && <Talk booth={booth} />}
    </div>
  );
}

function Talk({ booth }: { readonly booth: Booth }) {
  const words = useWords();
  const [isOn, setOn] = useState(false);
  const set = (next: boolean) => {
    setOn(next);
    booth.duck(next);
  };
  return (
    <button
      type="button"
      className="button primary talk"
      aria-pressed={isOn}
      onPointerDown={() => set(true)}
      onPointerUp={() => set(false)}
      onPointerLeave={() => set(false)}
      onPointerCancel={() => set(false)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={({ key, repeat }) => (key === ' ' || key === 'Enter') && !repeat && set(true)}
      onKeyUp={() => set(false)}
      onBlur={() => set(false)}
    >
      <span>{words.booth.talk}</span>
      <small>{words.booth.talkHelp}</small>
    </button>
  );
}
