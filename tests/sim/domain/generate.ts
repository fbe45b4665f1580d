import { addDays } from '#shared/domain/calendar.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import type { Seeded } from '../../support/seeded.ts';
import type { Pools } from './pools.ts';

/** The part of JSON Schema that the contract is written in. */
export type Schema = {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
};
export type Maker = {
  readonly seed: Seeded;
  readonly pools: Pools;
  readonly now: () => number;
  readonly date: () => string;
  /** What the drawer of this command should hold, so that a blind count is right now and then. */
  readonly expectedCents: (drawer: string) => number;
  readonly minutesOf: (session: string) => number;
  readonly versionOf: (entry: string) => number;
  /** What the command is about: `incident` of `incident.close`. */
  readonly noun: string;
};
type Made = Record<string, unknown>;

export const PIN = '1234';
export const RATES = ['short', 'long'] as const;
const ID = '^[A-Za-z0-9_-]+$';
const DATE = '^\\d{4}-\\d{2}-\\d{2}$';
/** What a field is called where it isn't called like the thing that it names. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  set: ['stage_set'],
  tip: ['tip_out'],
  responsible: ['staff'],
  witness: ['staff'],
  to: ['staff', 'area', 'dancer'],
  out: ['dancer'],
  from: ['area'],
  into: ['stage', 'dancer'],
  night: ['day'],
  person: ['dancer', 'staff'],
  sameCustomerAs: ['record'],
  complaint: ['record'],
  blocklistEntry: ['record'],
};
const CENTS = [1, 333, 1_000, 2_001, 6_000, 15_000, 30_000] as const;
const BIRTH_DATES = ['1990-02-28', '1990-02-28', '2004-02-29', '2010-06-01'] as const;

/** A value that the schema takes, which mostly names what is there; `whole` is the command that it becomes a part of. */
export function generate(schema: Schema, name: string, maker: Maker, whole: Made): unknown {
  const { seed } = maker;
  if (schema.anyOf) return optional(schema.anyOf, name, maker, whole);
  if (schema.enum) return seed.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return object(schema, maker, {});
    case 'array':
      return list(schema, name, maker, whole);
    case 'integer':
    case 'number':
      return integer(schema, name, maker, whole);
    case 'boolean':
      return seed.chance(0.7);
    case 'string':
      return text(schema, name, maker);
    case 'null':
      return null;
    case undefined:
    default:
      throw new Error(`The simulation can't make a ${schema.type} for ${name}.`);
  }
}

/** All that the schema asks for, and half of what it leaves open, laid over `given`. */
export function object(schema: Schema, maker: Maker, given: Made): Made {
  const made = { ...given };
  for (const [name, part] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) || maker.seed.chance(0.5)) made[name] = generate(part, name, maker, made);
  return made;
}

/** Whether a field says nothing, by what was said before it; null where nobody knows. */
function isLeftOut(name: string, whole: Made): boolean | null {
  if (name === 'method' && 'paidCents' in whole) return whole['paidCents'] === 0;
  if (name === 'drawer' && 'method' in whole) return whole['method'] !== 'cash';
  return name === 'reason' && 'category' in whole ? whole['category'] !== 'comp' : null;
}

/** A second person's PIN takes a while to check, so most commands come without one. */
function optional(choices: readonly Schema[], name: string, maker: Maker, whole: Made): unknown {
  const isPerson = name !== 'second' && choices.some(({ properties }) => properties && 'pin' in properties);
  const mayBeNull = choices.some(({ type }) => type === 'null');
  const isLikely = isLeftOut(name, whole);
  const isNull = mayBeNull && maker.seed.chance(isPerson ? 0.98 : isLikely === null ? 0.5 : isLikely ? 0.95 : 0.05);
  if (isNull) return null;
  return generate(maker.seed.pick(choices.filter(({ type }) => type !== 'null')), name, maker, whole);
}

function list(schema: Schema, name: string, maker: Maker, whole: Made): unknown[] {
  const least = schema.minItems ?? 0;
  // Numbers in a list are the points of a line that somebody draws.
  const some = schema.items?.type === 'integer' ? 12 : 2;
  const count = maker.seed.between(least, Math.min(schema.maxItems ?? least + some, least + some));
  const items = Array.from({ length: count }, () => generate(schema.items ?? {}, name.replace(/s$/, ''), maker, whole));
  // A price list without the rates that the club knows sells no room for the rest of the club's life.
  if (name === 'roomRates' && maker.seed.chance(0.9))
    return RATES.map((rate) => ({ ...(generate(schema.items ?? {}, 'rate', maker, whole) as Made), rate }));
  if (schema.items?.type === 'string') return [...new Set(items)];
  return name === 'postings' ? balanced(items as Made[]) : items;
}

/** An adjustment is refused unless it adds up, so most of them do. */
function balanced(postings: Made[]): Made[] {
  const rest = postings.slice(1).reduce((sum, { cents }) => sum + Number(cents), 0);
  return postings.map((one, at) => (at === 0 ? { ...one, cents: -rest } : one));
}

function integer(
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema,
  name: string,
  maker: Maker,
  whole: Made,
): number {
  const { seed } = maker;
  const within = (value: number) => Math.min(maximum, Math.max(minimum, value));
  if (name === 'version' && seed.chance(0.9)) return within(maker.versionOf(String(whole['entry'])));
  if (name === 'fromMinutes' && 'session' in whole && seed.chance(0.9))
    return within(maker.minutesOf(String(whole['session'])));
  if (name === 'countedCents' && seed.chance(0.6)) return within(maker.expectedCents(String(whole['drawer'])));
  if (name === 'paidCents' && whole['category'] !== 'paying' && seed.chance(0.9)) return within(0);
  // What a sale said, a redemption says again.
  if (name === 'discountCents') return within(seed.pick([0, 1_000]));
  if (name === 'bankCents') return within(100_000);
  if (name === 'at' || name.endsWith('At')) return within(maker.now() + seed.between(-60, 20) * 60_000);
  if (name === 'cents' || name.endsWith('Cents')) return within(seed.chance(0.2) ? 0 : seed.pick(CENTS));
  return seed.between(minimum, Math.min(maximum, minimum + 20));
}

function text({ pattern }: Schema, name: string, maker: Maker): string {
  const { seed } = maker;
  if (name === 'pin') return seed.chance(0.9) ? PIN : '9999';
  if (name === 'rate') return seed.pick(RATES);
  if (name === 'pack') return seed.pick(BUILT_IN_PACKS).pack;
  if (name === 'account') return named(['account'], maker);
  if (name === 'birthDate') return seed.pick(BIRTH_DATES);
  if (pattern === DATE) return addDays(maker.date(), seed.chance(0.6) ? seed.between(0, 1_500) : -seed.between(0, 400));
  if (pattern === ID) return named(ALIASES[name] ?? columnsOf(name), maker);
  if (pattern?.includes('[0-9a-f]')) return 'ab'.repeat(32);
  if (name === 'last4') return '1234';
  return `${name} ${seed.between(1, 400)}`;
}

/** `afterEntry` names an entry, `otherDancer` a dancer. */
function columnsOf(name: string): readonly string[] {
  const last = /[A-Z][a-z]+$/.exec(name)?.[0].toLowerCase();
  return [name, ...(last === undefined ? [] : [last])];
}

function named(columns: readonly string[], { pools, seed, noun }: Maker): string {
  const like = (which: string) => columns.flatMap((column) => pools.of(`${column}${which}`));
  const better = [like(` ${noun}`), seed.chance(0.7) ? like(' live') : []].find((ids) => ids.length > 0);
  const there = better ?? like('');
  return there.length === 0 || seed.chance(0.01) ? 'nobody' : seed.pick(there);
}
