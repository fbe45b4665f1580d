import type { Opened, Sqlite } from '../../../edge-node/db/open.ts';
import { STATE_TABLES } from '../../../edge-node/db/state-tables.ts';
import { replayHistory } from '../../../edge-node/log/replay.ts';
import { verifyHistory } from '../../../edge-node/log/verify.ts';
import { must } from '../breaks.ts';
import { MACHINES, reachable } from './machines.ts';

/** Questions to which a sound club has no row to answer; each is a rule of the house. */
const NEVER: Readonly<Record<string, string>> = {
  'a balance is another than the sum of its postings': `
    SELECT account FROM (SELECT account, cents FROM balance UNION ALL SELECT account, -cents FROM posting)
    GROUP BY account HAVING sum(cents) <> 0`,
  'the ledger does not sum to zero': `SELECT sum(cents) FROM posting HAVING sum(cents) <> 0`,
  'a dancer is checked in twice': `
    SELECT dancer FROM attendance WHERE state = 'CHECKED_IN' GROUP BY dancer HAVING count(*) > 1`,
  'a dancer is on stage and in a room': `
    SELECT dancer FROM in_room
    WHERE dancer IN (SELECT dancer FROM stage_set WHERE ended_at IS NULL UNION SELECT dancer FROM set_partner)`,
  'a dancer is in a room or on stage and not checked in': `
    SELECT dancer FROM (
      SELECT dancer FROM in_room UNION SELECT dancer FROM stage_set WHERE ended_at IS NULL UNION SELECT dancer FROM set_partner)
    WHERE dancer NOT IN (SELECT dancer FROM attendance WHERE state = 'CHECKED_IN')`,
  'a stage has two sets': `SELECT stage FROM stage_set WHERE ended_at IS NULL GROUP BY stage HAVING count(*) > 1`,
  'a dancer on a break is on stage, in a room or not here': `
    SELECT dancer FROM on_break WHERE dancer IN (SELECT dancer FROM in_room)
      OR dancer IN (SELECT dancer FROM stage_set WHERE ended_at IS NULL)
      OR dancer NOT IN (SELECT dancer FROM attendance WHERE state = 'CHECKED_IN')`,
  'circulating vouchers are worth something else than the club owes for them': `
    SELECT 1 FROM (SELECT coalesce(sum(denomination_cents), 0) AS worth FROM voucher WHERE state = 'CIRCULATING')
    WHERE worth <> (SELECT coalesce(-sum(cents), 0) FROM posting WHERE account = 'voucher_liability')`,
  'a dancer is in two sets': `
    SELECT dancer FROM (SELECT dancer FROM stage_set WHERE ended_at IS NULL UNION ALL SELECT dancer FROM set_partner)
    GROUP BY dancer HAVING count(*) > 1`,
  'a room has two sessions': `
    SELECT room FROM room_session WHERE state IN ('QUOTED', 'RUNNING') GROUP BY room HAVING count(*) > 1`,
  'a dancer is in two running sessions': `
    SELECT value FROM room_session, json_each(dancers) WHERE state = 'RUNNING' GROUP BY value HAVING count(*) > 1`,
  'a session runs whose dancer is not in its room': `
    SELECT value FROM room_session s, json_each(s.dancers) WHERE s.state = 'RUNNING'
    AND value NOT IN (SELECT dancer FROM in_room WHERE in_room.session = s.session)`,
  'a rotation entry belongs to somebody who is not there': `
    SELECT entry FROM rotation_entry WHERE dancer NOT IN (SELECT dancer FROM attendance WHERE state = 'CHECKED_IN')`,
  'a drawer has two open sessions': `
    SELECT drawer FROM drawer_session WHERE state <> 'CLOSED' GROUP BY drawer HAVING count(*) > 1`,
  'two nights are open': `
    SELECT count(*) FROM business_day WHERE state IN ('OPEN', 'CLOSING', 'REOPENED') HAVING count(*) > 1`,
};

/** How many people the events have counted into each area, less out of it, against what the table says. */
const MISCOUNTED = `
  WITH line AS (SELECT line ->> '$.type' AS type, line ->> '$.day' AS day, line -> '$.body' AS body FROM event),
  counted AS (
    SELECT day, body ->> '$.area' AS area, body ->> '$.count' AS people FROM line WHERE type = 'door.entered'
    UNION ALL SELECT day, body ->> '$.area', -(body ->> '$.count') FROM line WHERE type = 'door.left'
    UNION ALL SELECT day, body ->> '$.from', -(body ->> '$.count') FROM line WHERE type = 'door.moved'
    UNION ALL SELECT day, body ->> '$.to', body ->> '$.count' FROM line WHERE type = 'door.moved'
    UNION ALL SELECT day, body ->> '$.area', body ->> '$.by' FROM line WHERE type = 'occupancy.corrected'
    UNION ALL SELECT day, area, -people FROM occupancy)
  SELECT area FROM counted GROUP BY day, area HAVING sum(people) <> 0`;

/** What must hold between any two commands of a club; the first that does not throws a Breach. */
export type Watch = {
  readonly check: () => void;
  /** At the end: who was counted in is there, the chain is whole, and the log alone gives the tables. */
  readonly finish: (fresh: Opened) => void;
};

export function openWatch(sqlite: Sqlite): Watch {
  const never = Object.entries(NEVER).map(([what, sql]) => ({ what, find: sqlite.prepare(sql).pluck() }));
  const unbalanced = sqlite
    .prepare<[number]>('SELECT pos FROM posting WHERE pos > ? GROUP BY pos HAVING sum(cents) <> 0')
    .pluck();
  const closed = sqlite.prepare<[], { day: string; closed_at: number }>(
    `SELECT day, closed_at FROM business_day WHERE state = 'CLOSED'`,
  );
  const booked = sqlite.prepare<[string, number]>('SELECT pos FROM posting WHERE day = ? AND pos > ?').pluck();
  const wereClosed = new Map<string, number>();
  const last = sqlite.prepare<[], number>('SELECT coalesce(max(pos), 0) FROM event').pluck();
  const machines = openMachines(sqlite);
  let seen = 0;
  return {
    check: () => {
      for (const { what, find } of never) must(find.get() === undefined, `${what}: ${String(find.get())}`);
      must(unbalanced.get(seen) === undefined, `event ${String(unbalanced.get(seen))} does not sum to zero`);
      for (const { day, closed_at: at } of closed.all()) {
        if (wereClosed.get(day) === at)
          must(booked.get(day, seen) === undefined, `event ${String(booked.get(day, seen))} books into a closed night`);
        wereClosed.set(day, at);
      }
      machines();
      seen = last.get() ?? 0;
    },
    finish: (fresh) => {
      const area = sqlite.prepare(MISCOUNTED).pluck().get();
      must(area === undefined, `another number of people is in ${String(area)} than was counted`);
      const verdict = verifyHistory(sqlite);
      must(verdict.ok, `the chain is broken: ${JSON.stringify(verdict)}`);
      const difference = replayHistory(sqlite, fresh);
      must(difference === null, `a replay differs: ${JSON.stringify(difference)}`);
    },
  };
}

/** Each thing is in a state of its machine, and came there from the state that it was in. */
function openMachines(sqlite: Sqlite): () => void {
  const withState = STATE_TABLES.filter((table) =>
    sqlite.prepare(`SELECT 1 FROM pragma_table_info('${table}') WHERE name = 'state'`).get(),
  );
  const watched = withState.map((table) => {
    const machine = MACHINES[table];
    must(machine !== undefined, `the simulation knows no machine for ${table}`);
    const all = sqlite.prepare<[], { id: string; state: string }>(
      `SELECT "${machine.key}" AS id, state FROM "${table}"`,
    );
    return { table, machine, all, was: new Map<string, string>() };
  });
  return () => {
    for (const { table, machine, all, was } of watched) {
      for (const { id, state } of all.iterate()) {
        const before = was.get(id);
        if (before === state) continue;
        must(machine.moves[state] !== undefined, `${table} ${id} is ${state}, which its machine does not know`);
        if (before !== undefined)
          must(reachable(machine, before).has(state), `${table} ${id} went from ${before} to ${state}`);
        was.set(id, state);
      }
    }
  };
}
