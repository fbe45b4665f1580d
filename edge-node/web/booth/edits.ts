import type { TrackEditAnswer } from '#shared/contract/track-api.ts';
import { AS_THE_FILE_SAYS } from '#shared/domain/track.ts';
import type { TrackEdit } from '#shared/domain/track-events.ts';
import { ask, newKey, type Trouble } from '../api.ts';

type Around = {
  readonly headers: Readonly<Record<string, string>>;
  readonly onTrouble: (trouble: Trouble) => void;
};
export type Edit = (track: string, change: Partial<TrackEdit>) => void;

/** So long after the last touch: ten steps of a gain are one edit. */
const STILL_MS = 800;

/** What the DJ changes of a track that is on a deck, laid over what was put right of it before. One after the other, so that none undoes another. */
export function openEdits({ headers, onTrouble }: Around): Edit {
  const line = { last: Promise.resolve() };
  const open = { track: '', change: {} as Partial<TrackEdit>, timer: 0 };
  const save = async (track: string, change: Partial<TrackEdit>): Promise<void> => {
    const kept = await ask<TrackEditAnswer>('GET', `/track-edits/${encodeURIComponent(track)}`, {
      body: null,
      headers,
    });
    if (!kept.ok && kept.trouble !== NEVER_EDITED) return onTrouble(kept.trouble);
    const body = { ...(kept.ok ? kept.value : AS_THE_FILE_SAYS), ...change, track };
    const answer = await ask('POST', '/track-edits', { body, headers: { ...headers, 'idempotency-key': newKey() } });
    if (!answer.ok && answer.trouble !== 'nothing_changed') onTrouble(answer.trouble);
  };
  const flush = (): void => {
    const { track, change } = open;
    if (Object.keys(change).length > 0) line.last = line.last.then(() => save(track, change));
    open.change = {};
  };
  return (track, change) => {
    clearTimeout(open.timer);
    if (track !== open.track) flush();
    Object.assign(open, { track, change: { ...open.change, ...change }, timer: window.setTimeout(flush, STILL_MS) });
  };
}
const NEVER_EDITED: Trouble = 'route_unknown';
