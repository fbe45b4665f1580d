import type { Beat, BoothAlarm, BoothItem, BoothOrders, NowPlaying, PlayerPage } from '#shared/contract/booth-api.ts';
import type { Song } from '#shared/domain/rotation-events.ts';

/** What plays and who makes the sound. All of it is kept over a restart of the node. */
export type Playback = {
  readonly player: PlayerPage | null;
  readonly now: NowPlaying | null;
  readonly paused: boolean;
  readonly orders: BoothOrders;
  readonly alarm: BoothAlarm | null;
};
export const NO_PLAYBACK: Playback = {
  player: null,
  now: null,
  paused: false,
  orders: { skip: null, seek: null },
  alarm: null,
};

/** A play that is over, for the log (epoch milliseconds). */
export type Played = {
  readonly item: string;
  readonly song: Song;
  readonly startedAt: number;
  readonly endedAt: number;
};
export type PlaybackEvent =
  | { readonly on: 'started'; readonly page: PlayerPage }
  | { readonly on: 'took_over'; readonly page: PlayerPage }
  | { readonly on: 'left'; readonly page: PlayerPage }
  /** `item`: what the beat names, as the programme has it; null where it names nothing that is known. */
  | { readonly on: 'beat'; readonly beat: Beat; readonly item: BoothItem | null }
  | { readonly on: 'missed' }
  | { readonly on: 'stopped' }
  | { readonly on: 'paused' }
  | { readonly on: 'resumed' }
  | { readonly on: 'skipped'; readonly item: string }
  | { readonly on: 'sought'; readonly item: string; readonly positionMs: number };
export type Step = {
  readonly playback: Playback;
  readonly played: Played | null;
  /** For a page: whether it makes the sound. */
  readonly isPlayer: boolean;
};

/** Nothing was heard for so long: nobody takes it for a pause between songs. */
export const QUIET_MS_MAX = 1_500;

export function step(playback: Playback, event: PlaybackEvent, now: number): Step {
  const same = { playback, played: null, isPlayer: false };
  switch (event.on) {
    case 'started':
      // A reload of the player is the player; every other page is a remote.
      if (playback.player !== null && playback.player.page !== event.page.page) return same;
      return { ...same, playback: { ...playback, player: event.page, alarm: null }, isPlayer: true };
    case 'took_over':
      return { ...same, playback: { ...playback, player: event.page, alarm: null }, isPlayer: true };
    case 'left':
      if (!isSame(playback.player, event.page)) return same;
      return { playback: NO_PLAYBACK, played: endOf(playback.now, now), isPlayer: false };
    case 'beat':
      return isSame(playback.player, event.beat) ? beaten(playback, event, now) : same;
    case 'missed':
      if (playback.player === null) return same;
      return { ...same, playback: { ...playback, alarm: 'page_gone' } };
    case 'stopped':
      return { playback: NO_PLAYBACK, played: endOf(playback.now, now), isPlayer: false };
    case 'paused':
      return { ...same, playback: { ...playback, paused: true } };
    case 'resumed':
      return { ...same, playback: { ...playback, paused: false } };
    case 'skipped':
      if (playback.now?.item !== event.item) return same;
      return { ...same, playback: { ...playback, orders: { ...playback.orders, skip: event.item } } };
    case 'sought':
      return { ...same, playback: sought(playback, event) };
  }
}

function sought(playback: Playback, { item, positionMs }: Extract<PlaybackEvent, { readonly on: 'sought' }>): Playback {
  if (playback.now?.item !== item) return playback;
  const nr = (playback.orders.seek?.nr ?? 0) + 1;
  return { ...playback, orders: { ...playback.orders, seek: { item, positionMs, nr } } };
}

/** The page says what plays; where that is another item than before, the one before has ended. */
function beaten(
  playback: Playback,
  { beat, item }: Extract<PlaybackEvent, { readonly on: 'beat' }>,
  now: number,
): Step {
  const silent = !playback.paused && beat.quietMs >= QUIET_MS_MAX;
  const alarm = silent ? 'silent' : null;
  const last = playback.now;
  const place = { deck: beat.deck, positionMs: beat.positionMs, heardAt: now };
  if (last !== null && last.item === beat.item)
    return { playback: { ...playback, now: { ...last, ...place }, alarm }, played: null, isPlayer: true };
  const next = item && { ...item, ...place, startedAt: now };
  const orders = { ...playback.orders, skip: null };
  return { playback: { ...playback, now: next, orders, alarm }, played: endOf(last, now), isPlayer: true };
}

/** A page that was away for long can't have played on beyond the track's end. */
function endOf(last: NowPlaying | null, now: number): Played | null {
  if (last === null) return null;
  const leftMs = last.track ? Math.max(0, last.track.seconds * 1_000 - last.positionMs) : 0;
  const endedAt = Math.round(Math.min(now, last.heardAt + leftMs));
  return { item: last.item, song: last.song, startedAt: last.startedAt, endedAt };
}

function isSame(one: PlayerPage | null, other: PlayerPage): boolean {
  return one !== null && one.page === other.page && one.load === other.load;
}

/** Whether screens have to be told: that a song goes on is no news. */
export function looksSame(one: Playback, other: Playback): boolean {
  const { now: a, ...rest } = one;
  const { now: b, ...others } = other;
  if (JSON.stringify(rest) !== JSON.stringify(others) || a?.item !== b?.item || a?.deck !== b?.deck) return false;
  return a === null || b === null || Math.abs(a.positionMs - a.heardAt - (b.positionMs - b.heardAt)) < SEEK_MS_MIN;
}
const SEEK_MS_MIN = 700;
