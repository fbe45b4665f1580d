import { useCallback, useEffect, useState, type ChangeEvent } from 'react';
import { MUSIC_PAGE, MUSIC_SHOWN, type MusicStatus } from '#shared/contract/music-api.ts';
import { may } from '#shared/domain/rights.ts';
import { useWords } from '../i18n/words.ts';
import { askMusic, sendMusic, type FilesAsked } from '../music-api.ts';
import { useFloor } from '../use-floor.ts';
import { MusicSetting } from './music-setting.tsx';

/** Between two looks while a file is worked on, and while none is. */
const BUSY_MS = 1_000;
const IDLE_MS = 10_000;
const NEWEST: FilesAsked = { outcome: null, skip: 0 };

/** What is taken in, how far it is, and what was refused, in words that a DJ understands. */
export function Music() {
  const words = useWords();
  const { roles } = useFloor();
  if (!may(roles, 'rotation.move')) return null;
  return (
    <section id="music" className="music" aria-labelledby="music-title">
      <h2 id="music-title">{words.music}</h2>
      <Intake />
      <MusicSetting />
    </section>
  );
}

function Intake() {
  const words = useWords();
  const [asked, ask] = useState(NEWEST);
  const { status, look } = useStatus(asked);
  if (status === null) return <p className="hint">{words.asking}</p>;
  const { says, folder, folderState, tracks, waiting, working, speed, again } = status;
  return (
    <>
      {says !== null && <p className="trouble">{says}</p>}
      {folderState === 'gone' && <p className="trouble">{words.musicFolderGone}</p>}
      {folderState === 'empty' && <p className="trouble">{words.musicFolderEmpty}</p>}
      <p className="quiet">{words.musicTracks(tracks, waiting, speed === null ? null : Math.round(speed))}</p>
      {again.left > 0 && <p className="quiet">{words.musicAgain(again.left)}</p>}
      {again.failed > 0 && <p className="trouble">{words.musicNotAgain(again.failed)}</p>}
      {folder !== null && <p className="quiet">{words.musicFolder(folder)}</p>}
      <Upload onSent={look} />
      <ul className="roll">
        {working.map(({ file, percent, secondsLeft, speed: ofFile }) => (
          <li key={file} className="music-file">
            <span>{file}</span>
            <progress max={100} value={percent} aria-label={file} />
            <span className="quiet">{words.musicLeft(percent, secondsLeft, ofFile)}</span>
          </li>
        ))}
      </ul>
      <Files status={status} asked={asked} ask={ask} />
    </>
  );
}

/** Looks again and again, more often while something is worked on; `look` looks at once. */
function useStatus(asked: FilesAsked) {
  const { session } = useFloor();
  const [status, setStatus] = useState<MusicStatus | null>(null);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const again = async () => {
      const next = await askMusic(session.token, asked);
      if (isOver) return;
      setStatus(next);
      timer = window.setTimeout(() => void again(), next?.working.length === 0 ? IDLE_MS : BUSY_MS);
    };
    void again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [asked, looks, session.token]);
  const look = useCallback(() => setLooks((many) => many + 1), []);
  return { status, look };
}

type Shown = {
  readonly status: MusicStatus;
  readonly asked: FilesAsked;
  readonly ask: (files: FilesAsked) => void;
};

function Files({ status: { counts, files }, asked: { outcome, skip }, ask }: Shown) {
  const words = useWords();
  const all = MUSIC_SHOWN.reduce((sum, one) => sum + counts[one], 0);
  if (all === 0) return null;
  const total = outcome === null ? all : counts[outcome];
  return (
    <>
      <select
        aria-label={words.musicShown}
        value={outcome ?? ''}
        onChange={({ target }) => ask({ outcome: MUSIC_SHOWN.find((one) => one === target.value) ?? null, skip: 0 })}
      >
        <option value="">{words.musicAll(all)}</option>
        {MUSIC_SHOWN.map((one) => (
          <option key={one} value={one}>{`${words.musicOutcomes[one]}: ${counts[one]}`}</option>
        ))}
      </select>
      <ul className="roll">
        {files.map(({ file, code, message, outcome: came, at }) => (
          <li key={`${file} ${at}`} className="music-file" data-outcome={came}>
            <strong>{file}</strong>
            <span className={came === 'reject' ? 'trouble' : 'quiet'}>{words.musicWhy(code, message)}</span>
          </li>
        ))}
      </ul>
      {skip > 0 && (
        <button type="button" onClick={() => ask({ outcome, skip: Math.max(0, skip - MUSIC_PAGE) })}>
          {words.musicNewer}
        </button>
      )}
      {skip + files.length < total && files.length > 0 && (
        <button type="button" onClick={() => ask({ outcome, skip: skip + files.length })}>
          {words.musicOlder}
        </button>
      )}
    </>
  );
}

type Sending = { readonly name: string; readonly share: number; readonly isLost: boolean };

function Upload({ onSent }: { readonly onSent: () => void }) {
  const words = useWords();
  const { session } = useFloor();
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const tell = useCallback((name: string, over: Partial<Sending> | null) => {
    setSending((all) =>
      all.flatMap((one) => (one.name === name ? (over === null ? [] : [{ ...one, ...over }]) : [one])),
    );
  }, []);
  const send = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    target.value = '';
    setSending((all) => [...all, ...chosen.map(({ name }) => ({ name, share: 0, isLost: false }))]);
    for (const file of chosen) {
      const came = await sendMusic(file, session.token, (share) => tell(file.name, { share }));
      tell(file.name, came ? null : { isLost: true });
      if (came) onSent();
    }
  };
  return (
    <>
      <label className="button" data-look="primary">
        {words.musicSend}
        <input type="file" multiple onChange={(event) => void send(event)} />
      </label>
      <ul className="roll">
        {sending.map(({ name, share, isLost }) => (
          <li key={name} className="music-file">
            <span>{name}</span>
            {isLost ? (
              <span className="trouble">{words.musicNotSent}</span>
            ) : (
              <progress max={1} value={share} aria-label={words.musicSending(name)} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
