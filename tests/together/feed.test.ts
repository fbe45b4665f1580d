import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { replayOf, tablesOf } from '../support/verify-log.ts';
import { openFeedClub, type FeedClub } from './feed-club.ts';

let cloud: TestCloud;
let club: FeedClub;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());
beforeEach(async () => {
  club = await openFeedClub(cloud);
  // Both clocks go together, as the later of two edits wins.
  cloud.time.now = club.clock.wall();
  await club.both();
});
afterEach(() => club.close());

const PRICES = { coll: 'price_list', id: 'club', field: 'prices' };
const RATE = { rate: 'vip15', name: '15 minutes', minutes: 15, grossCents: 15_000, houseCents: 5_000 };
const by = 'Hanna of HQ';
const first = (): string => club.dancers[0] ?? '';
const second = (): string => club.dancers[1] ?? '';
const nameField = (id: string) => ({ coll: 'dancer', id, field: 'stage_name' });
const nameOf = (dancer: string) => club.edge().reads.dancers.dancer(dancer)?.stageName;
const later = (ms: number): void => {
  club.clock.set({ wall: club.clock.wall() + ms, mono: club.clock.mono() + ms });
  cloud.time.now += ms;
};
const field = async (coll: string, id: string) =>
  (await club.hq('GET', `/shared-fields?coll=${coll}`)).body.fields.find((one: { id: string }) => one.id === id);
const reviews = async () => (await club.hq('GET', '/reviews')).body.reviews;
const notices = () =>
  club
    .edge()
    .reads.shared.notices()
    .map(({ kind }) => kind);

describe('S16: conflict table row by row, through a real box and a real cloud', () => {
  test('row 4: a stage name that headquarters sets is the dancer’s, and headquarters sees the proof', async () => {
    const set = await club.hq('PUT', '/shared-fields', { ...nameField(first()), baseFv: 0, value: 'Nova', by });
    expect(set).toMatchObject({ status: 200, body: { fv: 1, rev: 1 } });
    await club.both();
    expect(nameOf(first())).toBe('Nova');
    expect(club.events('shared_field.taken').map(({ body }) => body)).toMatchObject([{ fv: 1, value: 'Nova', rev: 1 }]);
    expect(await field('dancer', first())).toMatchObject({ fv: 1, takenFv: 1, value: 'Nova' });
  });

  test('row 4: the floor’s rename goes up on the version it saw, comes back as its own, and nothing changes on the screen', async () => {
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    expect(nameOf(first())).toBe('Luna');
    await club.both();
    expect(await field('dancer', first())).toMatchObject({ fv: 1, value: 'Luna', origin: 'floor', takenFv: 1 });
    expect(club.edge().reads.shared.field(nameField(first()))).toMatchObject({ fv: 1, edit: null });
    expect(nameOf(first())).toBe('Luna');
    expect(notices()).toEqual([]);
  });

  test('row 4: both at once, the later effective time wins; a tablet never sees its own edit vanish before the answer', async () => {
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    later(60_000);
    await club.hq('PUT', '/shared-fields', { ...nameField(first()), baseFv: 0, value: 'Nova', by });
    await club.down();
    expect(nameOf(first())).toBe('Luna');
    await club.both();
    expect(nameOf(first())).toBe('Nova');
    expect(notices()).toEqual(['overridden']);

    await club.hq('PUT', '/shared-fields', { ...nameField(second()), baseFv: 0, value: 'Opal', by });
    later(60_000);
    await club.must('dancer.rename', { dancer: second(), stageName: 'Pearl' });
    await club.both();
    expect(nameOf(second())).toBe('Pearl');
    expect(await field('dancer', second())).toMatchObject({ fv: 2, value: 'Pearl' });
  });

  test('row 4: a box whose clock is a year ahead wins nothing by it', async () => {
    club.clock.set({ wall: club.clock.wall() + 365 * 86_400_000, mono: club.clock.mono() });
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    await club.up();
    cloud.time.now += 1;
    const set = { ...nameField(first()), value: 'Nova', by };
    expect(await club.hq('PUT', '/shared-fields', { ...set, baseFv: 0 })).toMatchObject({ status: 200 });
    await club.both();
    expect(nameOf(first())).toBe('Nova');
  });

  test('row 4: a name that another dancer has here is kept for review; a person decides, with who and why', async () => {
    await club.hq('PUT', '/shared-fields', { ...nameField(first()), baseFv: 0, value: 'Bella', by });
    await club.both();
    expect(nameOf(first())).toBe('Amber');
    expect(notices()).toEqual(['not_taken']);
    const [review] = await reviews();
    expect(review).toMatchObject({
      kind: 'not_taken',
      hqValue: 'Bella',
      floorValue: 'Amber',
      refusal: 'stage_name_taken',
    });
    const decision = `/reviews/${review.review}/decision`;
    const decide = { choice: 'floor', by, why: 'Bella was there first' };
    expect(await club.hq('POST', decision, decide)).toMatchObject({ status: 200 });
    expect(await club.hq('POST', decision, decide)).toMatchObject({ status: 409, body: { code: 'review_decided' } });
    await club.both();
    expect([nameOf(first()), nameOf(second())]).toEqual(['Amber', 'Bella']);
    expect(await reviews()).toEqual([]);
    expect(await field('dancer', first())).toMatchObject({ fv: 2, takenFv: 2, value: 'Amber' });
  });

  test('row 4: two renames before the first is answered are one chain: both are accepted', async () => {
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    await club.must('dancer.rename', { dancer: first(), stageName: 'Lotus' });
    await club.both();
    expect(await field('dancer', first())).toMatchObject({ fv: 2, value: 'Lotus', takenFv: 2 });
    expect(nameOf(first())).toBe('Lotus');
  });

  test('row 3: headquarters’ prices wait while a night is open, and hold from the next one; the manager is told', async () => {
    await club.must('price_list.set', { houseFeeCents: 5_000, roomRates: [RATE] });
    await club.both();
    await club.must('day.open', { date: null });
    const value = { houseFeeCents: 9_000, roomRates: [RATE] };
    expect(await club.hq('PUT', '/shared-fields', { ...PRICES, baseFv: 1, value, by })).toMatchObject({ status: 200 });
    await club.both();
    expect(club.edge().reads.club.settings()?.houseFeeCents).toBe(5_000);
    expect(notices()).toEqual(['waits']);
    expect(await field('price_list', 'club')).toMatchObject({ fv: 2, takenFv: 1, waitsFv: 2 });
    await club.must('attendance.check_in', { dancer: first() });
    expect(club.events('house_fee.assessed').map(({ body }) => body.cents)).toEqual([5_000]);
    const [fee] = club.events('house_fee.assessed');
    await club.must('house_fee.waive', { fee: fee?.body.fee ?? '', reason: 'test' });
    await club.must('attendance.check_out', { dancer: first() });
    await club.must('day.begin_closing', {});
    await club.must('day.close', {});
    expect(club.edge().reads.club.settings()?.houseFeeCents).toBe(5_000);
    later(20 * 3_600_000);
    await club.must('day.open', { date: null });
    expect(club.edge().reads.club.settings()?.houseFeeCents).toBe(9_000);
    await club.up();
    expect(await field('price_list', 'club')).toMatchObject({ fv: 2, takenFv: 2 });
  });

  test('row 3: the floor on a stale base: both are kept, headquarters’ value wins at the next opening, not before', async () => {
    const hqValue = { houseFeeCents: 9_000, roomRates: [] };
    await club.hq('PUT', '/shared-fields', { ...PRICES, baseFv: 0, value: hqValue, by });
    await club.must('price_list.set', { houseFeeCents: 7_000, roomRates: [] });
    await club.both();
    expect(club.edge().reads.club.settings()?.houseFeeCents).toBe(7_000);
    expect(notices().toSorted()).toEqual(['overridden', 'waits']);
    expect(await reviews()).toMatchObject([
      { kind: 'conflict', hqValue, floorValue: { houseFeeCents: 7_000, roomRates: [] } },
    ]);
    await club.must('day.open', { date: null });
    expect(club.edge().reads.club.settings()?.houseFeeCents).toBe(9_000);
  });

  test('row 1, 5, 8: headquarters can’t write what is the floor’s, a legal name or a balance, and is told why', async () => {
    const refused = async (coll: string, name: string) => {
      const wish = { coll, id: first(), field: name, baseFv: 0, value: 'x', by };
      return (await club.hq('PUT', '/shared-fields', wish)).body;
    };
    expect(await refused('rotation', 'rank')).toMatchObject({ code: 'not_yours_to_set', detail: 'edge_owned' });
    expect(await refused('device', 'name')).toMatchObject({ detail: 'edge_owned' });
    expect(await refused('dancer', 'legal_name')).toMatchObject({ detail: 'needs_review' });
    expect(await refused('dancer', 'balance')).toMatchObject({ detail: 'only_deltas' });
    expect(await refused('weather', 'rain')).toMatchObject({ detail: 'field_unknown' });
    expect(await club.hq('GET', '/reviews')).toMatchObject({ body: { reviews: [] } });
  });

  test('row 2: signed blobs come down, the last good one is kept', async () => {
    expect(await club.hq('PUT', '/blobs/flags', { ver: 3, payload: { newFloor: true } })).toMatchObject({
      status: 200,
    });
    expect(await club.hq('PUT', '/blobs/flags', { ver: 3, payload: {} })).toMatchObject({
      body: { code: 'version_old' },
    });
    await club.both();
    const kept = club.edge().reads.shared.blob('flags');
    expect(kept?.ver).toBe(3);
    const payload: unknown = JSON.parse(Buffer.from(kept?.jws.split('.')[1] ?? '', 'base64url').toString());
    expect(payload).toEqual({ clubId: club.clubId, coll: 'flags', ver: 3, payload: { newFloor: true } });
  });

  test('row 6: a ban of headquarters keeps her out, the floor’s too; each is lifted by name alone', async () => {
    await club.must('day.open', { date: null });
    const check = () => club.give('attendance.check_in', { dancer: first() });
    const ban = { dancer: first(), kind: 'banned', reason: 'Fight', by };
    const { restriction } = (await club.hq('POST', '/restrictions', ban)).body;
    const own = await club.must('dancer.restrict', { dancer: first(), kind: 'suspended', reason: 'Late' });
    await club.both();
    expect(await check()).toMatchObject({ ok: false, refusal: 'not_eligible' });
    expect(await club.give('dancer.lift_restriction', { restriction, reason: 'no' })).toMatchObject({
      refusal: 'restriction_from_hq',
    });
    await club.hq('POST', `/restrictions/${restriction}/lift`, { reason: 'Appeal', by });
    await club.both();
    expect(await check()).toMatchObject({ ok: false, refusal: 'not_eligible' });
    await club.must('dancer.lift_restriction', { restriction: own, reason: 'Talked' });
    expect(await check()).toMatchObject({ ok: true });
    await club.up();
    const seen = (await club.hq('GET', `/restrictions?dancer=${first()}`)).body.restrictions;
    expect(seen.map(({ kind, lifted }: { kind: string; lifted: object }) => [kind, lifted]).toSorted()).toEqual([
      ['banned', { by, reason: 'Appeal' }],
      ['suspended', { by: 'st_manager', reason: 'Talked' }],
    ]);
  });

  test('row 6: headquarters lifts what the floor set; a ban of a dancer whom the box does not know waits for her', async () => {
    const own = await club.must('dancer.restrict', { dancer: first(), kind: 'licence_expired', reason: 'Card' });
    await club.both();
    await club.hq('POST', `/restrictions/${own}/lift`, { reason: 'New card', by });
    await club.hq('POST', '/restrictions', { dancer: 'dn_unknown', kind: 'banned', reason: 'Elsewhere', by });
    await club.both();
    expect(club.edge().reads.shared.restrictionsOf(first())).toMatchObject([{ lifted: true, liftedBy: by }]);
    expect(club.edge().reads.shared.restrictionsOf('dn_unknown')).toMatchObject([{ kind: 'banned', lifted: false }]);
  });

  test('row 7: notes of both sides stay; no text of one is in the log or in the cloud in clear', async () => {
    await club.must('dancer.note', { dancer: first(), text: 'Allergic to glitter' });
    await club.hq('POST', '/notes', { dancer: first(), text: 'Asked for Fridays', by });
    await club.both();
    const notes = club.edge().reads.shared.notesOf(first());
    expect(notes.map(({ origin }) => origin).toSorted()).toEqual(['floor', 'hq']);
    const lines = club.edge().sqlite.prepare<[], string>('SELECT line FROM event').pluck().all().join('\n');
    expect(lines).not.toMatch(/glitter|Fridays/);
    const inCloud = await inTenant(
      cloud.pool,
      Number(club.clubId.slice(1).split('-')[0]),
      async ({ client }) => (await client.query('SELECT origin, text, sealed FROM dancer_note ORDER BY origin')).rows,
    );
    expect(inCloud).toMatchObject([
      { origin: 'floor', text: null, sealed: notes.find(({ origin }) => origin === 'floor')?.text },
      { origin: 'hq', text: 'Asked for Fridays', sealed: null },
    ]);
  });

  test('row 9: headquarters revokes a device; it is done once, and the proof comes back', async () => {
    const paired = await club.edge().pairDevice({ name: 'Lost tablet', ceiling: 'floor' });
    if (typeof paired === 'string') throw new Error(paired);
    const order = { cmd: 'device.revoke', args: { device: paired.device }, lifeMs: 60_000, by };
    const { command } = (await club.hq('POST', '/commands', order)).body;
    await club.both();
    expect(club.edge().reads.club.device(paired.device)?.revoked).toBe(true);
    expect((await club.hq('GET', '/commands')).body.commands).toMatchObject([
      { command, outcome: 'done', refusal: null },
    ]);
    await club.hq('POST', '/commands', { ...order, args: { device: 'nobody' } });
    await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Call us' }, lifeMs: 60_000, by });
    later(61_000);
    await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Now' }, lifeMs: 60_000, by });
    await club.both();
    expect(club.edge().reads.shared.notices()).toMatchObject([{ kind: 'message', text: 'Now' }]);
    const outcomes = (await club.hq('GET', '/commands')).body.commands.map(
      ({ outcome }: { outcome: string }) => outcome,
    );
    expect(outcomes.toSorted()).toEqual(['done', 'done', 'expired', 'expired']);
    expect(await club.hq('POST', '/commands', { ...order, cmd: 'box.burn' })).toMatchObject({ status: 400 });
  });
});

test('a command is done once, also across a restart and when the feed is told again from its beginning', async () => {
  await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Once' }, lifeMs: 60_000, by });
  await club.hq('POST', '/notes', { dancer: first(), text: 'Once', by });
  await club.down();
  await club.restart();
  club
    .edge()
    .sqlite.exec(
      "UPDATE feed_cursor SET feed = NULL, cursor = NULL, rev = 0; DELETE FROM command_answer WHERE key LIKE 'feed-%'",
    );
  await club.restart();
  await club.down();
  expect(club.events('message.posted').length).toBe(1);
  expect(club.events('command.done').length).toBe(1);
  expect(club.events('dancer.noted').length).toBe(1);
});

test('an item that the box can’t read is said in the log and passed, and those behind it come through', async () => {
  await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Poison' }, lifeMs: 60_000, by });
  await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'After' }, lifeMs: 60_000, by });
  await cloud.pool.query('ALTER TABLE feed_item NO FORCE ROW LEVEL SECURITY');
  await cloud.pool.query(
    `UPDATE feed_item SET item = '{"rev":1,"op":"teleport","to":"moon"}' WHERE item LIKE '%Poison%'`,
  );
  await cloud.pool.query('ALTER TABLE feed_item FORCE ROW LEVEL SECURITY');
  await club.down();
  expect(club.events('feed_item.refused').map(({ body }) => body)).toMatchObject([
    { op: 'teleport', refusal: 'body_invalid' },
  ]);
  expect(
    club
      .edge()
      .reads.shared.notices()
      .map(({ text }) => text),
  ).toEqual(['After', 'body_invalid']);
});

test('what came down replays from the log alone to the same rows', async () => {
  await club.must('dancer.rename', { dancer: second(), stageName: 'Pearl' });
  await club.hq('PUT', '/shared-fields', { ...nameField(first()), baseFv: 0, value: 'Nova', by });
  await club.hq('PUT', '/shared-fields', { ...PRICES, baseFv: 0, value: { houseFeeCents: 1, roomRates: [] }, by });
  await club.hq('PUT', '/blobs/licence', { ver: 1, payload: { until: 'soon' } });
  await club.hq('POST', '/restrictions', { dancer: first(), kind: 'banned', reason: 'Fight', by });
  await club.hq('POST', '/notes', { dancer: first(), text: 'Note', by });
  await club.both();
  const { sqlite } = club.edge();
  expect(tablesOf(sqlite)).toEqual(replayOf(sqlite));
  expect(club.edge().reads.review.count()).toBe(0);
});

describe('a box that was put back to an older disk', () => {
  test('its edits of both histories are taken once each, though they are carried into a new log', async () => {
    const image = club.image();
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    await club.must('dancer.restrict', { dancer: first(), kind: 'banned', reason: 'Fight' });
    await club.up();
    await club.restart(image);
    later(60_000);
    await club.must('dancer.rename', { dancer: second(), stageName: 'Pearl' });
    await club.must('dancer.restrict', { dancer: second(), kind: 'suspended', reason: 'Late' });
    await club.both();
    await club.both();
    expect([nameOf(first()), nameOf(second())]).toEqual(['Luna', 'Pearl']);
    expect([await field('dancer', first()), await field('dancer', second())]).toMatchObject([
      { fv: 1, value: 'Luna', takenFv: 1 },
      { fv: 1, value: 'Pearl', takenFv: 1 },
    ]);
    for (const dancer of [first(), second()])
      expect((await club.hq('GET', `/restrictions?dancer=${dancer}`)).body.restrictions.length).toBe(1);
  });

  test('what headquarters sent comes again, and has no second effect', async () => {
    const image = club.image();
    await club.hq('PUT', '/shared-fields', { ...nameField(first()), baseFv: 0, value: 'Nova', by });
    await club.hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Once' }, lifeMs: 600_000, by });
    await club.both();
    await club.restart(image);
    await club.both();
    expect(nameOf(first())).toBe('Nova');
    expect(club.events('message.posted').length).toBe(1);
    expect(club.events('shared_field.taken').length).toBe(1);
    expect(club.edge().reads.review.count()).toBe(0);
  });
});
