import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TOMBSTONE_DAYS } from '#shared/contract/feed.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { openFeedClub, type FeedClub } from './feed-club.ts';

let cloud: TestCloud;
let club: FeedClub;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());
beforeEach(async () => {
  club = await openFeedClub(cloud);
  cloud.time.now = club.clock.wall();
  await club.both();
});
afterEach(() => club.close());

const by = 'Hanna of HQ';
const first = (): string => club.dancers[0] ?? '';
const nameOf = () => club.edge().reads.dancers.dancer(first())?.stageName;
const set = (name: string, value: unknown, baseFv = 0) =>
  club.hq('PUT', '/shared-fields', { coll: 'dancer', id: first(), field: name, baseFv, value, by });
const tags = () => club.edge().reads.shared.field({ coll: 'dancer', id: first(), field: 'tags' });
const reset = () => club.hq('POST', '/feed/reset', {});
const feedOf = async () => {
  const sql = `SELECT feed, rev FROM feed WHERE club = ${club.clubId.split('-')[1]}`;
  return (await asOwner<{ feed: string; rev: string }>(sql))[0];
};
const waits = (steps: Awaited<ReturnType<FeedClub['down']>>) =>
  steps.flatMap((step) => (step.next === 'wait' ? [step.ms] : []));

/** What happens to a database under the program's feet: a restore, a hand on the tables. */
async function asOwner<T extends object>(sql: string): Promise<readonly T[]> {
  const tables = ['feed', 'feed_item', 'shared_field', 'feed_snapshot'];
  for (const table of tables) await cloud.pool.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  const { rows } = await cloud.pool.query<T>(sql);
  for (const table of tables) await cloud.pool.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
  return rows;
}

describe('S16: feed reset', () => {
  test('the box takes a snapshot of the new feed, buries the old one, and goes on from there', async () => {
    await set('stage_name', 'Nova');
    await club.down();
    const old = await feedOf();
    await reset();
    await set('tags', ['late']);
    club.link.asked.length = 0;
    await club.down();
    expect(club.link.asked.filter((path) => path === UPLINK_PATHS.snapshot).length).toBe(1);
    expect([nameOf(), tags().value]).toEqual(['Nova', ['late']]);
    expect(club.edge().sqlite.prepare('SELECT feed FROM dead_feed').pluck().all()).toEqual([old?.feed]);
    await set('stage_name', 'Opal', 1);
    await club.down();
    expect(nameOf()).toBe('Opal');
    expect(club.events('shared_field.taken').length).toBe(3);
  });

  test('an edit of the floor that waits for its answer is answered by the snapshot', async () => {
    await club.must('dancer.rename', { dancer: first(), stageName: 'Luna' });
    await club.up();
    cloud.time.now += 1_000;
    await set('stage_name', 'Nova', 1);
    await reset();
    await club.both();
    expect(nameOf()).toBe('Nova');
    expect(club.edge().reads.shared.field({ coll: 'dancer', id: first(), field: 'stage_name' }).edit).toBe(null);
  });

  test('a power cut in the middle of taking a snapshot over leaves nothing undone and nothing twice', async () => {
    await set('stage_name', 'Nova');
    await club.hq('POST', '/notes', { dancer: first(), text: 'Note', by });
    await club.hq('POST', '/restrictions', { dancer: first(), kind: 'banned', reason: 'Fight', by });
    await reset();
    // The last write of a snapshot is the cursor: without it, all of it comes again.
    club
      .edge()
      .sqlite.exec(
        "CREATE TEMP TRIGGER cut BEFORE UPDATE ON feed_cursor WHEN NEW.cursor IS NOT NULL BEGIN SELECT RAISE(ABORT, 'cut'); END",
      );
    await expect(club.down()).rejects.toThrow('cut');
    await club.restart();
    await club.down();
    expect(nameOf()).toBe('Nova');
    const counts = [
      club.events('shared_field.taken').length,
      club.events('dancer.noted').length,
      club.events('dancer.restricted').length,
    ];
    expect(counts).toEqual([1, 1, 1]);
  });
});

describe('S16: loop guard', () => {
  test('told `feed_gone` again and again, a box asks ever less often: 1 s to 10 min', async () => {
    const seen: number[] = [];
    for (let turn = 0; turn < 14; turn += 1) {
      await reset();
      seen.push(...waits([await club.feed().step()]));
      // A snapshot in between does not break the loop: only a feed that can be followed does.
      await club.feed().step();
    }
    expect(seen.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(seen.at(-1)).toBe(600_000);
    await club.down();
    await reset();
    expect(waits([await club.feed().step()])).toEqual([]);
  });

  test('a feed that was declared dead is never followed again, also across a restart', async () => {
    const dead = await feedOf();
    await reset();
    await club.down();
    // A database that was put back, with nobody saying so.
    await asOwner(
      `UPDATE feed SET feed = '${dead?.feed}', tag = 'other', trimmed_tag = 'other' WHERE feed = '${(await feedOf())?.feed}'`,
    );
    await set('stage_name', 'Nova');
    expect(waits([await club.feed().step()])).toEqual([1_000]);
    await club.restart();
    expect(waits([await club.feed().step()])).toEqual([1_000]);
    expect(waits([await club.feed().step()])).toEqual([2_000]);
    expect(nameOf()).toBe('Amber');
    await reset();
    await club.feed().step();
    await club.down();
    expect(nameOf()).toBe('Nova');
  });
});

describe('a cloud that was put back to a backup', () => {
  test('said so, by its epoch: the feed is another, and versions that went back are taken as they are', async () => {
    await set('stage_name', 'Nova');
    await set('stage_name', 'Opal', 1);
    await club.down();
    await asOwner(`UPDATE shared_field SET fv = 1, value = '"Nova"' WHERE id = '${first()}'`);
    await asOwner(`UPDATE feed SET epoch = 0, rev = 1 WHERE feed = '${(await feedOf())?.feed}'`);
    await asOwner(`DELETE FROM feed_item WHERE rev > 1`);
    await club.down();
    expect(nameOf()).toBe('Nova');
    await set('stage_name', 'Pearl', 1);
    await club.down();
    expect(nameOf()).toBe('Pearl');
  });

  test('said so, and all numbers fit: the feed is another all the same, and nothing comes twice', async () => {
    await set('stage_name', 'Nova');
    await club.down();
    const before = await feedOf();
    await asOwner(`UPDATE feed SET epoch = 0 WHERE feed = '${before?.feed}'`);
    await club.down();
    expect((await feedOf())?.feed).not.toBe(before?.feed);
    expect(club.events('shared_field.taken').length).toBe(1);
  });

  test('nobody said so, and its numbers were given again: a cursor proves it, and the feed is reset', async () => {
    await set('stage_name', 'Nova');
    await set('tags', ['one']);
    await club.down();
    const before = await feedOf();
    // Back to before both, then two other changes under the same numbers.
    await asOwner(`DELETE FROM feed_item WHERE club = ${club.clubId.split('-')[1]}`);
    await asOwner(`DELETE FROM shared_field WHERE id = '${first()}'`);
    await asOwner(`UPDATE feed SET rev = 0, tag = trimmed_tag WHERE feed = '${before?.feed}'`);
    await set('stage_name', 'Opal');
    await set('tags', ['two']);
    await set('photo', 'a'.repeat(64));
    await club.down();
    expect((await feedOf())?.feed).not.toBe(before?.feed);
    expect([nameOf(), tags().value]).toEqual(['Opal', ['two']]);
  });
});

describe('a box that was away for long', () => {
  test(`longer than ${TOMBSTONE_DAYS} days gets a snapshot, and what was deleted meanwhile does not come back`, async () => {
    await set('tags', ['one']);
    await club.down();
    expect(tags()).toMatchObject({ fv: 1, value: ['one'] });
    await set('tags', null, 1);
    cloud.time.now += (TOMBSTONE_DAYS + 1) * 86_400_000;
    await set('stage_name', 'Nova');
    club.link.asked.length = 0;
    await club.down();
    expect(club.link.asked).toContain(UPLINK_PATHS.snapshot);
    expect(tags().value).toBe(null);
    expect(nameOf()).toBe('Nova');
    expect(club.edge().sqlite.prepare('SELECT count(*) FROM dead_feed').pluck().get()).toBe(0);
  });

  test('a little shorter follows the feed, tombstones included', async () => {
    await set('tags', ['one']);
    await club.down();
    await set('tags', null, 1);
    cloud.time.now += (TOMBSTONE_DAYS - 1) * 86_400_000;
    club.link.asked.length = 0;
    await club.down();
    expect(club.link.asked).not.toContain(UPLINK_PATHS.snapshot);
    expect(tags()).toMatchObject({ fv: 2, value: null });
  });
});

describe('a snapshot', () => {
  test('that somebody changed on the way is not taken over', async () => {
    await set('stage_name', 'Nova');
    await reset();
    await club.feed().step();
    // Made and kept, then changed where it is kept.
    const lost = club.feed().step();
    await lost;
    await reset();
    await club.feed().step();
    await club.feed().step();
    await asOwner(`UPDATE feed_snapshot SET lines = replace(lines, 'Nova', 'Evil')`);
    await asOwner(`UPDATE feed SET feed = feed || 'x'`);
    await asOwner(`UPDATE feed_snapshot SET feed = feed || 'x'`);
    await club.feed().step();
    await expect(club.feed().step()).rejects.toThrow('not the one that the cloud signed');
    expect(nameOf()).toBe('Nova');
    expect(club.events('shared_field.taken').length).toBe(1);
  });

  test('of many pages is of one moment, and what came while it was fetched follows', async () => {
    for (let at = 0; at < 12; at += 1)
      await club.hq('PUT', '/shared-fields', {
        coll: 'price_template',
        id: `t_${at}`,
        field: 'text',
        baseFv: 0,
        value: 'x',
        by,
      });
    await asOwner(
      `INSERT INTO shared_field (org, club, coll, id, field, fv, value, effective_at, origin, written_by)
       SELECT org, club, 'price_template', 'many_' || n, 'text', 1, '"y"', 0, 'hq', 'HQ'
       FROM feed, generate_series(1, 1100) AS n WHERE feed = '${(await feedOf())?.feed}'`,
    );
    await reset();
    await club.feed().step();
    await club.feed().step();
    await set('stage_name', 'Nova');
    await club.feed().step();
    club.link.cut = true;
    await expect(club.feed().step()).rejects.toThrow('cut');
    club.link.cut = false;
    await club.down();
    expect(nameOf()).toBe('Nova');
    const kept = club.edge().sqlite.prepare("SELECT count(*) FROM shared_field WHERE coll = 'price_template'");
    expect(kept.pluck().get()).toBe(1_112);
  });
});
