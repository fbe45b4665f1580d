import type { RowChange, TableName, ViewTables } from '#shared/contract/live.ts';
import type { Seeded } from '../support/seeded.ts';
import { pairTablet, type Tablet } from '../support/tablet.ts';
import type { Timeline } from './timeline.ts';

/** Who works the night, each on a tablet of their own, and what they look at. */
export type Night = {
  readonly timeline: Timeline;
  readonly seed: Seeded;
  readonly url: string;
  readonly say: (text: string) => void;
  readonly owner: Tablet;
  readonly manager: Tablet;
  readonly door: Tablet;
  readonly host: Tablet;
  readonly dj: Tablet;
  readonly mom: Tablet;
  /** Somebody's own PIN, for where a second person signs. */
  readonly pinOf: (first: string) => string;
  readonly look: <T extends TableName>(table: T) => Promise<readonly ViewTables[T][]>;
  readonly drawer: (name: string) => Promise<string>;
  readonly tally: Tally;
  /** Cash in each drawer by name, in cents, as the hands that moved it know. */
  readonly cash: Map<string, number>;
};
/** When a night opens and closes, in epoch milliseconds. */
export type NightPlan = {
  readonly name: string;
  readonly opens: number;
  readonly closes: number;
  /** Whose law the club works under that night. */
  readonly law: 'generic' | 'us-wa';
};
/** What the script did, to be held against what the box and the cloud say. */
export type Tally = {
  checkIns: number;
  guests: number;
  sets: number;
  roomSessions: number;
  extensions: number;
  refusals: Record<string, number>;
};

type Demo = { readonly code: string; readonly staff: readonly { readonly name: string; readonly pin: string }[] };

export async function gather(url: string, demo: Demo, parts: Pick<Night, 'timeline' | 'seed' | 'say'>): Promise<Night> {
  const personOf = (first: string) => {
    const person = demo.staff.find(({ name }) => name.startsWith(first));
    if (!person) throw new Error(`Nobody in the demo is called ${first}.`);
    return person;
  };
  const tabletOf = (first: string): Promise<Tablet> => pairTablet(url, { code: demo.code, ...personOf(first) });
  const manager = await tabletOf('Max');
  const look: Night['look'] = async <T extends TableName>(table: T) => {
    const { body } = await manager.ask<{ readonly rows: readonly RowChange[] }>('GET', '/api/v1/view');
    return body.rows.filter(([name]) => name === table).map(([, , row]) => row as ViewTables[T]);
  };
  return {
    ...parts,
    url,
    owner: await tabletOf('Olivia'),
    manager,
    door: await tabletOf('Dora'),
    host: await tabletOf('Victor'),
    dj: await tabletOf('DJ'),
    mom: await tabletOf('Helen'),
    pinOf: (first) => personOf(first).pin,
    look,
    drawer: async (name) => {
      const found = (await look('drawer')).find((one) => one.name === name);
      if (!found) throw new Error(`There is no drawer ${name}.`);
      return found.id;
    },
    tally: { checkIns: 0, guests: 0, sets: 0, roomSessions: 0, extensions: 0, refusals: {} },
    cash: new Map(),
  };
}

/** Something that must be refused with just this code: the night is full of honest mistakes. */
export async function refused(night: Night, code: string, given: ReturnType<Tablet['give']>): Promise<void> {
  const answer = await given;
  if (answer.ok) throw new Error(`${code} was expected, but it was allowed.`);
  if (answer.problem.code !== code) throw new Error(`${code} was expected, but it was ${answer.problem.code}.`);
  night.tally.refusals[code] = (night.tally.refusals[code] ?? 0) + 1;
}

const WALL = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Los_Angeles', timeStyle: 'short' });

/** Says what happens, with the time on the club's wall. */
export function tell(night: Night, what: string): void {
  night.say(`${WALL.format(night.timeline.now())} ${what}`);
}

export const minutes = (count: number): number => count * 60_000;

/** Cash goes into a drawer, or out of it below zero. */
export function moveCash(night: Night, drawer: string, cents: number): void {
  night.cash.set(drawer, (night.cash.get(drawer) ?? 0) + cents);
}
