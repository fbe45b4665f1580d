import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { runningTime } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Booth } from './booth.ts';
import type { Target } from './booth-view.tsx';
import { OutputChoice, usePreListen, type PreListen } from './pre-listen.tsx';

type Props = {
  readonly booth: Booth;
  readonly field: RefObject<HTMLInputElement | null>;
  /** Where the next track goes; null for the end of the programme. */
  readonly target: Target | null;
  readonly onDone: () => void;
};

/** Search as you type; a tap puts the track where it was asked for, or behind all that is in the programme. */
export function Search({ booth, field, target, onDone }: Props) {
  const words = useWords();
  const [typed, setTyped] = useState('');
  const found = useFound(booth, typed);
  const pre = usePreListen();
  const put = (track: TrackRow) => {
    if (target) booth.putSong({ entry: target.entry, position: target.position, track: track.track });
    else booth.putExtra(track.track, 'last');
    onDone();
  };
  const onKeyDown = ({ key, shiftKey, currentTarget }: KeyboardEvent<HTMLInputElement>) => {
    const first = found?.[0];
    if (key === 'Escape') {
      onDone();
      currentTarget.blur();
    }
    if (key !== 'Enter' || !first) return;
    if (shiftKey) booth.putExtra(first.track, 'next');
    else put(first);
  };
  return (
    <section className="booth-search">
      <label className="field">
        <span>{words.booth.search}</span>
        <input
          ref={field}
          type="search"
          autoComplete="off"
          value={typed}
          onFocus={({ target: input }) => input.select()}
          onChange={({ target: input }) => setTyped(input.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <p className="booth-aim" data-aimed={target !== null}>
        {target ? words.booth.putting(target.name, target.position + 1) : words.booth.searchHelp}
        {target && (
          <button type="button" className="button" onClick={onDone}>
            {words.booth.puttingNot}
          </button>
        )}
      </p>
      <OutputChoice pre={pre} />
      <ul className="booth-found" aria-label={words.booth.found}>
        {found?.map((track) => (
          <Found key={track.track} {...{ booth, track, target, pre }} onPut={put} />
        ))}
        {typed.trim() !== '' && found?.length === 0 && <li className="hint">{words.booth.nothingFound}</li>}
      </ul>
    </section>
  );
}

type FoundProps = {
  readonly booth: Booth;
  readonly track: TrackRow;
  readonly target: Target | null;
  readonly pre: PreListen;
  readonly onPut: (track: TrackRow) => void;
};

function Found({ booth, track, target, pre, onPut }: FoundProps) {
  const words = useWords();
  const { title, artist } = track;
  const label = target ? words.booth.putAt(title, target.name, target.position + 1) : words.booth.add(title);
  const isHeard = pre.track === track.track;
  return (
    <li>
      <button type="button" className="button booth-put" aria-label={label} onClick={() => onPut(track)}>
        <strong>{title}</strong>
        <span className="quiet">
          {[artist, runningTime(track.seconds * 1_000), track.key, track.bpm && `${track.bpm} BPM`]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </button>
      {pre.output !== null && (
        <button
          type="button"
          className="button"
          aria-label={isHeard ? words.booth.listenStop : words.booth.listenTo(title)}
          aria-pressed={isHeard}
          onClick={() => pre.listen(isHeard ? null : track)}
        >
          {words.booth.listen}
        </button>
      )}
      <button
        type="button"
        className="button"
        aria-label={words.booth.addNext(title)}
        onClick={() => booth.putExtra(track.track, 'next')}
      >
        {words.booth.next}
      </button>
    </li>
  );
}

/** A late answer never stands over a newer one. */
function useFound(booth: Booth, typed: string): readonly TrackRow[] | null {
  const [found, setFound] = useState<readonly TrackRow[] | null>(null);
  const text = typed.trim();
  useEffect(() => {
    const state = { isOver: false };
    void (text === '' ? Promise.resolve(null) : booth.search(text)).then((now) => {
      if (!state.isOver) setFound(now);
    });
    return () => {
      state.isOver = true;
    };
  }, [booth, text]);
  return found;
}
