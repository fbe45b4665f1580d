import type { Recovery } from '#shared/contract/api.ts';
import { readLine } from '#shared/contract/event-line.ts';
import type { MainlineSegment } from '#shared/contract/uplink.ts';
import { genesisHash } from '#shared/log/chain.ts';
import {
  extend,
  keyOf,
  strays,
  type Extended,
  type Place,
  type PlacedLine,
  type Stretch,
} from '#shared/log/stretch.ts';
import type { RecoveryRow } from '../db/schema.ts';
import type { Join, Way } from '../log/join.ts';
import type { Written } from '../log/log.ts';
import { hashesOf, type Mainline } from '../log/mainline.ts';
import type { BoxBook } from './book.ts';

/** Taking another box's place: its history from the cloud, then what the cloud never got from a mirror and from tablets. */
export type Recovering = {
  readonly wantsHistory: () => boolean;
  /** The club's mainline is here up to where the cloud has it. */
  readonly historyIsHere: (segments: readonly MainlineSegment[]) => void;
  /** No command is taken yet: it would be decided without what is still to come. */
  readonly isHolding: () => boolean;
  readonly wantsTailsOf: (device: string) => boolean;
  readonly takeTails: (device: string, stretches: readonly Stretch[]) => void;
  readonly takeMirror: (stretches: readonly Stretch[]) => void;
  /** A person goes on with what is here. False where nothing waits. What comes later is still taken, behind what was done meanwhile. */
  readonly finish: () => boolean;
  readonly view: () => Recovery | null;
};
type Parts = {
  readonly box: BoxBook;
  readonly own: Mainline;
  readonly carry: Join['carry'];
  readonly carried: (written: readonly Written[]) => void;
  /** The history is here: what the second copy has beyond it can be taken. */
  readonly historyCame: () => void;
};
const BEGUN: RecoveryRow = {
  phase: 'history',
  at: null,
  start: null,
  here: 0,
  hereAt: null,
  heardOf: 0,
  unjoined: 0,
  fromCloud: 0,
  fromMirror: 0,
  fromTablets: 0,
  devices: [],
};

/** No command is taken yet: it would be decided without what is still to come. */
export function isHolding(box: BoxBook): boolean {
  const phase = box.get().recovery?.phase;
  return phase === 'history' || phase === 'witnesses';
}

/** Notes in the box's book that this box takes another's place; once. */
export function beginRecovery(box: BoxBook): void {
  if (box.get().recovery === null) box.set({ recovery: BEGUN });
}

export function openRecovering(parts: Parts): Recovering {
  const { box, own, historyCame } = parts;
  const row = (): RecoveryRow | null => box.get().recovery;
  const take = openTake(parts);
  const waiting = row();
  // What did not join yet went with the process: whoever brought it is asked again.
  if (waiting?.phase === 'witnesses') box.set({ recovery: { ...waiting, devices: [] } });

  return {
    wantsHistory: () => row()?.phase === 'history',
    historyIsHere: (segments) => {
      const before = row();
      if (before?.phase !== 'history') return;
      const end = segments.at(-1);
      const here = segments.reduce((sum, { upto }) => sum + upto, 0);
      const at = end ? { logId: end.logId, seq: end.upto, hash: end.hash } : null;
      const heardOf = end ? here - end.upto + Math.max(end.upto, end.heardOf) : 0;
      const line = own.lineAt(here);
      const hereAt = line === null ? null : readLine(line).event.at.wall;
      box.set({ recovery: { ...before, phase: 'witnesses', at, start: at, here, hereAt, heardOf, fromCloud: here } });
      historyCame();
    },
    isHolding: () => isHolding(box),
    wantsTailsOf: (device) => row() !== null && row()?.devices.includes(device) === false,
    takeTails: (device, stretches) => take('fromTablets', device, stretches),
    takeMirror: (stretches) => take('fromMirror', null, stretches),
    finish: () => {
      const before = row();
      if (before?.phase !== 'witnesses') return false;
      box.set({ recovery: { ...before, phase: 'done' } });
      return true;
    },
    view: () => {
      const now = row();
      if (!now || now.phase === 'done') return null;
      const { phase, here, hereAt, heardOf, unjoined, fromCloud, fromMirror, fromTablets, devices } = now;
      const missing = Math.max(heardOf - here, unjoined);
      return { phase, here, hereAt, heardOf, missing, fromCloud, fromMirror, fromTablets, tablets: devices.length };
    },
  };
}

type Take = (from: 'fromMirror' | 'fromTablets', device: string | null, stretches: readonly Stretch[]) => void;

/** Goes on from what is here as far as all witnesses together allow. */
function openTake({ box, own, carry, carried }: Parts): Take {
  /** All that witnesses brought so far: what does not join yet may when another has brought what lies between. */
  const heard: Stretch[] = [];

  return (from, device, stretches) => {
    const before = box.get().recovery;
    if (!before || before.phase === 'history') return;
    heard.push(...stretches);
    const bases = basesOf(own, heard);
    const positionOf = ({ logId, seq }: Place): number => (bases(logId) ?? 0) + seq;
    const stray = strays(heard, hashesOf(own));
    const starts = startsOf(before, heard, stray.places);
    const ways = starts
      .map(({ place, isWhole }) => ({ ...extend(place, heard), isWhole }))
      .toSorted((a, b) => positionOf(b.place) - positionOf(a.place));
    const after = Math.min(before.fromCloud, ...starts.map(({ place }) => positionOf(place)));
    const [best] = ways;
    const last = best?.lines.at(-1);
    const ends = heard.map(({ genesis, from: first, lines }) => (bases(genesis.logId) ?? 0) + first - 1 + lines.length);
    const reached = best &&
      last && {
        at: best.place,
        here: positionOf(best.place),
        hereAt: readLine(last.line).event.at.wall,
      };
    const known = {
      ...before,
      ...(reached && reached.here > before.here && reached),
      heardOf: Math.max(before.heardOf, ...ends),
      devices: device === null || before.devices.includes(device) ? before.devices : [...before.devices, device],
    };
    try {
      const written = carry(ways.flatMap(inTurn), after, (taken, isHere) => {
        const unjoined = stray.lines.filter((line) => !isHere(line)).length;
        box.set({ recovery: { ...known, unjoined, [from]: before[from] + taken.length } });
      });
      if (written.length > 0) carried(written);
    } catch (error) {
      box.reload();
      throw error;
    }
  };
}

const textOf = (lines: readonly PlacedLine[]): readonly string[] => lines.map(({ line }) => line);

/** A way itself, then what lies beside it. */
function inTurn({ lines, beside, isWhole }: Extended & { readonly isWhole: boolean }): readonly Way[] {
  return [lines, beside].map((some) => ({ lines: textOf(some), isWhole }));
}

/**
 * Where ways may begin: where the cloud ended, as a longer one may turn off before the place that was reached; where a witness's
 * turns off what the cloud has, as the disk was put back; and that place itself, as what lies between may have been brought
 * before the box was last switched on.
 */
function startsOf(
  { start, at }: RecoveryRow,
  heard: readonly Stretch[],
  turnOffs: readonly Place[],
): readonly { readonly place: Place; readonly isWhole: boolean }[] {
  const whole = [start ?? rootOf(heard), ...turnOffs].flatMap((place) => place ?? []);
  const starts = new Map(whole.map((place) => [keyOf(place), { place, isWhole: true }]));
  if (at && !starts.has(keyOf(at))) starts.set(keyOf(at), { place: at, isWhole: false });
  return [...starts.values()];
}
/** The beginning of a history that none is known of: the first log of all that were brought. */
function rootOf(stretches: readonly Stretch[]): Place | null {
  const root = stretches.find(({ genesis }) => genesis.parent === null);
  return root ? { logId: root.genesis.logId, seq: 0, hash: genesisHash(root.genesis).toString('hex') } : null;
}

/** Events on the mainline before a log's first: as the box knows it, or as the log itself says of its parent. */
function basesOf(own: Mainline, stretches: readonly Stretch[]): (logId: string) => number | null {
  const known = new Map(own.segments().map(({ logId, base }) => [logId, base]));
  const parents = new Map(stretches.map(({ genesis }) => [genesis.logId, genesis.parent]));
  const baseOf = (logId: string, depth: number): number | null => {
    const base = known.get(logId);
    if (base !== undefined) return base;
    const parent = parents.get(logId);
    if (parent === undefined || depth > parents.size) return null;
    if (parent === null) return 0;
    const before = baseOf(parent.logId, depth + 1);
    return before === null ? null : before + parent.seq;
  };
  return (logId) => baseOf(logId, 0);
}
