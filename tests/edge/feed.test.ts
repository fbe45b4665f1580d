import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFeedClient, type FeedParts } from '../../edge-node/sync/feed.ts';
import { openClub, rowOf, type Club } from '../support/night.ts';

let club: Club;
beforeEach(async () => {
  club = await openClub();
});
afterEach(() => club.close());

const first = (): string => club.dancers[0] ?? '';
const code = (given: { readonly ok: boolean } & Partial<{ readonly problem: { readonly code: string } }>) =>
  given.ok ? 'done' : given.problem?.code;

test('the door renames and notes; only owner and manager restrict and lift', async () => {
  const door = await club.tablet('Dora');
  const dj = await club.tablet('DJ');
  expect(code(await door.give('dancer.rename', { dancer: first(), stageName: 'Aurora' }))).toBe('done');
  expect(code(await door.give('dancer.note', { dancer: first(), text: 'Left her bag' }))).toBe('done');
  expect(code(await door.give('dancer.restrict', { dancer: first(), kind: 'banned', reason: 'x' }))).toBe(
    'not_allowed',
  );
  expect(code(await dj.give('dancer.rename', { dancer: first(), stageName: 'Zoe' }))).toBe('not_allowed');
  const restriction = await club.owner.must('dancer.restrict', { dancer: first(), kind: 'banned', reason: 'Fight' });
  expect(code(await door.give('dancer.lift_restriction', { restriction, reason: 'x' }))).toBe('not_allowed');
  await club.owner.must('dancer.lift_restriction', { restriction, reason: 'Talked' });
  expect(code(await club.owner.give('dancer.lift_restriction', { restriction, reason: 'x' }))).toBe(
    'restriction_lifted',
  );
});

test('a stage name that is taken, the same, or of nobody is refused and says so', async () => {
  const names = club.edge.reads.dancers.roster();
  const rename = async (dancer: string, stageName: string) =>
    code(await club.owner.give('dancer.rename', { dancer, stageName }));
  expect(await rename(first(), names[1]?.stageName ?? '')).toBe('stage_name_taken');
  expect(await rename(first(), names[0]?.stageName ?? '')).toBe('nothing_changed');
  expect(await rename('nobody', 'Aurora')).toBe('dancer_unknown');
  expect(code(await club.owner.give('dancer.restrict', { dancer: 'nobody', kind: 'banned', reason: 'x' }))).toBe(
    'dancer_unknown',
  );
});

test('a restricted dancer can’t be checked in, whoever tries, until it is lifted; who is here already stays', async () => {
  const [here, away] = [first(), club.dancers[1] ?? ''];
  await club.owner.must('attendance.check_in', { dancer: here });
  await club.owner.must('dancer.restrict', { dancer: here, kind: 'suspended', reason: 'Late' });
  const restriction = await club.owner.must('dancer.restrict', { dancer: away, kind: 'under_age', reason: 'Card' });
  expect(await rowOf(club.owner, 'attendance', here)).toMatchObject({ state: 'CHECKED_IN' });
  expect(code(await club.owner.give('attendance.check_in', { dancer: away }))).toBe('not_eligible');
  await club.owner.must('dancer.lift_restriction', { restriction, reason: 'Card was right' });
  expect(code(await club.owner.give('attendance.check_in', { dancer: away }))).toBe('done');
});

test('a rename shows in every row that she is in', async () => {
  await club.owner.must('attendance.check_in', { dancer: first() });
  const entry = await club.owner.must('rotation.add', { stage: club.stage, dancer: first() });
  await club.owner.must('dancer.rename', { dancer: first(), stageName: 'Aurora' });
  expect(await rowOf(club.owner, 'attendance', first())).toMatchObject({ name: 'Aurora' });
  expect(await rowOf(club.owner, 'entry', entry)).toMatchObject({ name: 'Aurora' });
});

test('a note is ciphertext wherever it is', async () => {
  await club.owner.must('dancer.note', { dancer: first(), text: 'Allergic to glitter' });
  const [note] = club.edge.reads.shared.notesOf(first());
  expect(note).toMatchObject({ origin: 'floor', writtenBy: club.owner.staff });
  expect(note?.text).toMatch(/^v1\./);
  const line = club.edge.log.linesFrom(club.edge.log.head().seq, 1)[0];
  expect(line).toContain('dancer.noted');
  expect(line).not.toContain('glitter');
});

test('before the box and the cloud agree on its history, the feed is not asked', async () => {
  const asked: string[] = [];
  const parts: FeedParts = {
    db: club.edge.db,
    cloud: {
      ask: async (path) => {
        asked.push(path);
        return { s: 'feed', feed: 'fd_1', from: 0, to: 0, items: [], cursor: 'c', cloudEpoch: 1 };
      },
    },
    takeOver: club.edge.takeOver,
    taken: club.edge.reads.shared.taken,
    clubId: 'c1-1',
    receiptKeys: [],
    waitMs: 0,
    ready: () => asked.length > 0,
  };
  const idle = { next: 'idle' };
  expect(await openFeedClient(parts).step()).toEqual(idle);
  expect(asked).toEqual([]);
  expect(await openFeedClient({ ...parts, ready: () => true }).step()).toEqual(idle);
  expect(asked.length).toBe(1);
});

test('a cloud that leaves a revision out, or tells another stretch, is not followed', async () => {
  const item = (rev: number) => ({ rev, op: 'lift', restriction: 'rs_1', reason: 'x', by: 'HQ' });
  const answers = [
    { s: 'feed', feed: 'fd_1', from: 0, to: 2, items: [item(2)], cursor: 'c', cloudEpoch: 1 },
    { s: 'feed', feed: 'fd_1', from: 0, to: 2, items: [item(1), item(3)], cursor: 'c', cloudEpoch: 1 },
    { s: 'feed', feed: 'fd_1', from: 4, to: 5, items: [item(5)], cursor: 'c', cloudEpoch: 1 },
  ];
  const client = openFeedClient({
    db: club.edge.db,
    cloud: { ask: async () => answers.shift() },
    takeOver: club.edge.takeOver,
    taken: club.edge.reads.shared.taken,
    clubId: 'c1-1',
    receiptKeys: [],
    waitMs: 0,
    ready: () => true,
  });
  await expect(client.step()).rejects.toThrow('leaves out a revision');
  await expect(client.step()).rejects.toThrow('leaves out a revision');
  await expect(client.step()).rejects.toThrow('another stretch');
  expect(club.edge.sqlite.prepare('SELECT rev FROM feed_cursor').pluck().get()).toBe(0);
});
