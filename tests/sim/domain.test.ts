import { afterAll, expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { seeded } from '../support/seeded.ts';
import { openSimClub } from './domain/club.ts';
import { openWatch } from './domain/invariants.ts';
import { codesOf } from './domain/main.ts';
import { runDomain } from './domain/run.ts';

const fresh = openDatabase(':memory:', openAssets(), null);
afterAll(() => {
  fresh.sqlite.close();
});

/** Ten seconds where nothing else runs. */
const PLAY_MS_MAX = 180_000;

for (const seed of [1, 2]) {
  test(
    `random commands of every kind through the command layer, seed ${seed}: nothing breaks that must hold`,
    async () => {
      const result = await runDomain(seed, 8_000, fresh);
      expect(result.breach).toBeNull();
      expect(result.accepted).toBeGreaterThan(1_000);
      expect(codesOf(result.byCommand.values()).size).toBeGreaterThan(60);
    },
    PLAY_MS_MAX,
  );
}

/** What somebody does to the tables behind the rules' back, and what the simulation says to it. */
const TAMPERED: readonly (readonly [string, RegExp])[] = [
  ['UPDATE balance SET cents = cents + 1', /a balance is another/],
  [`UPDATE posting SET cents = cents + 1`, /a balance is another/],
  [
    `UPDATE posting SET cents = cents + 1 WHERE n = 1; UPDATE balance SET cents = (SELECT sum(cents) FROM posting p WHERE p.account = balance.account)`,
    /the ledger does not sum to zero/,
  ],
  [`INSERT INTO in_room SELECT dancer, 's' FROM dancer LIMIT 1`, /in a room or on stage and not checked in/],
  [`UPDATE business_day SET state = 'LOST'`, /which its machine does not know/],
];

for (const [sql, said] of TAMPERED) {
  test(`it sees this: ${sql.slice(0, 70)}`, async () => {
    const { edge, give, staff } = await openSimClub(seeded(1));
    const owner = staff[0]?.staff ?? '';
    await give('day.open', { date: null }, owner);
    const [drawer] = edge.reads.club.drawers();
    await give('drawer.open', { drawer: drawer?.drawer ?? '', responsible: owner, bankCents: 10_000 }, owner);
    const watch = openWatch(edge.sqlite);
    watch.check();
    edge.sqlite.exec(sql);
    expect(() => watch.check()).toThrow(said);
    await edge.close();
  });
}

test('it sees a thing that goes back to a state that it has left', async () => {
  const { edge, give, staff } = await openSimClub(seeded(1));
  const owner = staff[0]?.staff ?? '';
  await give('day.open', { date: null }, owner);
  const [drawer] = edge.reads.club.drawers();
  const id = drawer?.drawer ?? '';
  await give('drawer.open', { drawer: id, responsible: owner, bankCents: 10_000 }, owner);
  await give('drawer.count', { drawer: id, countedCents: 10_000 }, owner);
  const watch = openWatch(edge.sqlite);
  watch.check();
  edge.sqlite.exec(`UPDATE drawer_session SET state = 'OPENED'`);
  expect(() => watch.check()).toThrow(/drawer_session .* went from COUNTED to OPENED/);
  await edge.close();
});
