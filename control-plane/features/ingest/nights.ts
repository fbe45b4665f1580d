import type { Tenant } from '../../db/tenant.ts';
import { aggregateOf, readFacts, rollUp, type Facts, type UnreadableReason } from './projection.ts';

/** An event as far as the nights look at it. */
export type Read = { readonly aggregate: string | null; readonly facts: Facts | UnreadableReason };
export type Numbered<T> = T & { readonly seq: number };
/** One that the nights do not count, and why. */
export type Bad = { readonly seq: number; readonly aggregate: string | null; readonly reason: string };
type Countable = Numbered<{ readonly aggregate: string | null; readonly facts: Facts }>;

/** A line that is no JSON never gets in; should one be there all the same, it must not stop the others. */
export function readEvent(line: string): Read {
  try {
    const event: unknown = JSON.parse(line);
    return { aggregate: aggregateOf(event), facts: readFacts(event) };
  } catch {
    return { aggregate: null, facts: 'not_json' };
  }
}

/**
 * Adds events of one log to a club's nights in their order, all but those that can't be, and those behind one that can't
 * be of the same aggregate, or of one that is held already. Answers what it did not add.
 */
export async function addInOrder(
  tenant: Tenant,
  club: number,
  { events, held }: { readonly events: readonly Numbered<Read>[]; readonly held: ReadonlySet<string> },
): Promise<readonly Bad[]> {
  const waits = new Set(held);
  const bad: Bad[] = [];
  const countable: Countable[] = [];
  for (const { seq, aggregate, facts } of events) {
    if (aggregate !== null && waits.has(aggregate)) bad.push({ seq, aggregate, reason: 'aggregate_held' });
    else if (typeof facts !== 'string') countable.push({ seq, aggregate, facts });
    else {
      bad.push({ seq, aggregate, reason: facts });
      if (aggregate !== null) waits.add(aggregate);
    }
  }
  return [...bad, ...(await add(tenant, club, { events: countable, failed: new Set() }))];
}

/** Adds all it can in one statement; when that fails, halves until the event that can't be added stands alone. */
async function add(
  tenant: Tenant,
  club: number,
  { events, failed }: { readonly events: readonly Countable[]; readonly failed: Set<string> },
): Promise<readonly Bad[]> {
  const isHeld = ({ aggregate }: Countable) => aggregate !== null && failed.has(aggregate);
  const held = events.filter(isHeld).map(({ seq, aggregate }) => ({ seq, aggregate, reason: 'aggregate_held' }));
  const open = events.filter((event) => !isHeld(event));
  const [first] = open;
  if (!first) return held;
  const code = await tryToAdd(
    tenant,
    club,
    open.map(({ facts }) => facts),
  );
  if (code === null) return held;
  if (open.length === 1) {
    if (first.aggregate !== null) failed.add(first.aggregate);
    return [...held, { seq: first.seq, aggregate: first.aggregate, reason: `not_addable_${code}` }];
  }
  const half = Math.ceil(open.length / 2);
  const former = await add(tenant, club, { events: open.slice(0, half), failed });
  const latter = await add(tenant, club, { events: open.slice(half), failed });
  return [...held, ...former, ...latter];
}

/** All of them or none. Answers the database's code for why not, or null. */
export async function tryToAdd({ client }: Tenant, club: number, facts: readonly Facts[]): Promise<string | null> {
  try {
    await client.query('SAVEPOINT adding');
    await client.query('SELECT roll_up($1, $2)', [club, JSON.stringify(rollUp(facts))]);
    await client.query('RELEASE adding');
    return null;
  } catch (error) {
    // Fails too, and with it all, when what broke was the connection and not the event.
    await client.query('ROLLBACK TO adding');
    return (error as { readonly code?: string }).code ?? 'unknown';
  }
}
