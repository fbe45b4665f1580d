import { describe, expect, test, vi } from 'vitest';
import { TAIL_LINES_KEPT, type CloudState, type RowChange, type SealedTail } from '#shared/contract/live.ts';
import { newKey } from '../../edge-node/web/api.ts';
import { createFeed, RENDER_EVERY_MS } from '../../edge-node/web/feed.ts';
import { centsOf, countdown, formatOf } from '../../edge-node/web/format.ts';
import { LANGUAGES } from '../../edge-node/web/i18n/words.ts';
import { lossOf } from '../../edge-node/web/loss.ts';
import { afterFor, firstFree, heldOrder, orderOf, waitingOf, type Entry } from '../../edge-node/web/order.ts';
import { roomPhase } from '../../edge-node/web/room-phase.ts';
import { createTables, type Row } from '../../edge-node/web/store.ts';
import { createTailList } from '../../edge-node/web/tail-list.ts';
import { placeAt, shiftOf } from '../../edge-node/web/ui/drag.ts';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { moveEntry } from '#shared/domain/rotation.ts';

const booth = { rev: 0, alarm: null };
const cloud: CloudState = { link: 'up', waiting: 0, oldestMs: null, copy: 'off', review: 0 };

function entry(id: string, rank: number, state: Entry['state'] = 'WAITING'): Entry {
  return {
    id,
    stage: 'main',
    dancer: id,
    name: id,
    state,
    away: null,
    calledAt: null,
    round: 1,
    rank,
    held: false,
    version: rank,
  };
}

function drawer(id: string, name: string): RowChange {
  return ['drawer', id, { id, name, state: null, responsible: null, bankCents: null }];
}

describe('tables', () => {
  test('a change wakes who watches its row or its table, and nobody else', () => {
    const tables = createTables();
    tables.replace([drawer('a', 'A'), drawer('b', 'B')]);
    const woken: string[] = [];
    tables.subscribe({ table: 'drawer', row: 'a' }, () => woken.push('a'));
    tables.subscribe({ table: 'drawer', row: 'b' }, () => woken.push('b'));
    tables.subscribe({ table: 'drawer', row: null }, () => woken.push('table'));
    tables.subscribe({ table: 'room', row: null }, () => woken.push('rooms'));
    tables.apply([drawer('b', 'B2'), drawer('b', 'B3')]);
    expect(woken.toSorted()).toEqual(['b', 'table']);
    expect(tables.row('drawer', 'b')?.name).toBe('B3');
  });

  test('a list is the same array until one of its rows changes', () => {
    const tables = createTables();
    tables.replace([drawer('a', 'A')]);
    const before = tables.list('drawer');
    tables.apply([]);
    expect(tables.list('drawer')).toBe(before);
    tables.apply([drawer('a', 'A2')]);
    expect(tables.list('drawer')).not.toBe(before);
  });

  test('what a snapshot does not bring is gone', () => {
    const tables = createTables();
    tables.replace([drawer('a', 'A'), drawer('b', 'B')]);
    tables.replace([drawer('b', 'B')]);
    expect(tables.list('drawer').map(({ id }) => id)).toEqual(['b']);
  });
});

describe('feed', () => {
  function openFeed() {
    const tables = createTables();
    const state = { isWaiting: false };
    const applied: number[] = [];
    const timed: (() => void)[] = [];
    const later = vi.fn<(run: () => void, ms: number) => unknown>((run) => timed.push(run));
    const feed = createFeed({ tables, isWaiting: () => state.isWaiting, onApplied: (seq) => applied.push(seq), later });
    feed.receive({ f: 'snapshot', seq: 10, hash: 'h10', now: 0, rows: [drawer('a', 'A')], cloud });
    return { tables, feed, applied, later, state, fire: () => timed.splice(0).forEach((run) => run()) };
  }

  test('many frames in a row are one render', () => {
    const { feed, tables, applied, later, fire } = openFeed();
    for (const seq of [11, 12, 13])
      feed.receive({ f: 'events', from: seq, to: seq, hash: `h${seq}`, list: [drawer('a', `A${seq}`)], tails: [] });
    expect(later).toHaveBeenCalledExactlyOnceWith(expect.anything(), RENDER_EVERY_MS);
    expect(tables.row('drawer', 'a')?.name).toBe('A');
    fire();
    expect(tables.row('drawer', 'a')?.name).toBe('A13');
    expect(applied).toEqual([10, 13]);
  });

  test('a screen that waits for its own command shows frames at once', () => {
    const { feed, tables, state, later } = openFeed();
    state.isWaiting = true;
    feed.receive({ f: 'events', from: 11, to: 11, hash: `h${11}`, list: [drawer('a', 'mine')], tails: [] });
    expect(tables.row('drawer', 'a')?.name).toBe('mine');
    expect(later).not.toHaveBeenCalled();
  });

  test('a missing frame is a gap, whether an event or a beat shows it', () => {
    const { feed } = openFeed();
    expect(feed.receive({ f: 'events', from: 12, to: 12, hash: `h${12}`, list: [], tails: [] })).toBe('gap');
    expect(feed.receive({ f: 'beat', now: 0, seq: 11, cloud, booth })).toBe('gap');
    expect(feed.receive({ f: 'beat', now: 0, seq: 10, cloud, booth })).toBe('taken');
  });

  test('a frame that was seen already changes nothing', () => {
    const { feed, tables, fire } = openFeed();
    feed.receive({ f: 'events', from: 9, to: 10, hash: `h${10}`, list: [drawer('a', 'old')], tails: [] });
    fire();
    expect(tables.row('drawer', 'a')?.name).toBe('A');
  });

  test('frames of which a part was seen are taken', () => {
    const { feed, tables, fire } = openFeed();
    expect(feed.receive({ f: 'events', from: 9, to: 12, hash: `h${12}`, list: [drawer('a', 'new')], tails: [] })).toBe(
      'taken',
    );
    fire();
    expect(feed.since()).toEqual({ seq: 12, hash: 'h12' });
    expect(tables.row('drawer', 'a')?.name).toBe('new');
  });

  test('a snapshot throws away what waited to be shown', () => {
    const { feed, tables, fire } = openFeed();
    feed.receive({ f: 'events', from: 11, to: 11, hash: `h${11}`, list: [drawer('a', 'before')], tails: [] });
    feed.receive({ f: 'snapshot', seq: 20, hash: 'h20', now: 0, rows: [drawer('a', 'snapshot')], cloud });
    fire();
    expect(tables.row('drawer', 'a')?.name).toBe('snapshot');
  });
});

describe('what a device keeps for its club', () => {
  const tail = (seq: number, n: number, log = 'log'): SealedTail => ({ log, seq, n, blob: `${log}${seq}` });
  const seqs = (tails: readonly SealedTail[]) => tails.map(({ seq }) => seq);

  test('the newest blobs whose lines fit, and it says which have to go', () => {
    const list = createTailList();
    expect(list.add([tail(1_000, 1_000), tail(1_900, 900)]).gone).toEqual([]);
    expect(seqs(list.add([tail(2_000, 100)]).gone)).toEqual([]);
    expect(seqs(list.add([tail(2_001, 1)]).gone)).toEqual([1_000]);
    expect(seqs(list.all())).toEqual([1_900, 2_000, 2_001]);
    expect(seqs(list.add([tail(9_000, TAIL_LINES_KEPT + 1)]).gone)).toEqual([1_900, 2_000, 2_001]);
    expect(seqs(list.all())).toEqual([9_000]);
  });

  test('a blob once, and another one of the same places beside it', () => {
    const list = createTailList();
    list.add([tail(5, 5)]);
    expect(list.add([tail(5, 5)]).added).toEqual([]);
    expect(list.add([{ ...tail(5, 5), blob: 'of another history' }, tail(5, 5, 'other')]).added).toHaveLength(2);
    expect(list.all()).toHaveLength(3);
  });
});

describe('the possible loss', () => {
  const minute = 60_000;
  const said = (state: Partial<CloudState>) => lossOf({ ...cloud, ...state }, LANGUAGES.en);

  test('is said of every state of cloud and second copy', () => {
    const oldestMs = 3 * minute;
    expect([
      said({}).text,
      said({ waiting: 1, oldestMs: 20_000 }).text,
      said({ waiting: 48_213, oldestMs, copy: 'behind' }).text,
      said({ copy: 'lost' }).text,
      said({ link: 'off', copy: 'whole' }).text,
    ]).toEqual([
      'Nothing would be lost',
      '1 event not in the cloud, under 1 min old · second copy: no',
      '48,213 events not in the cloud, oldest 3 min · second copy: catching up',
      'Nothing would be lost · second copy: broken',
      'This club has no cloud · second copy: yes',
    ]);
  });

  test('warns where somebody should do something', () => {
    const old = { waiting: 1, oldestMs: 15 * minute } as const;
    const calm = [
      {},
      { ...old, oldestMs: 15 * minute - 1 },
      { ...old, copy: 'whole' },
      { link: 'off', copy: 'whole' },
    ] as const;
    const bad = [old, { ...old, copy: 'behind' }, { copy: 'lost' }, { link: 'halted' }, { link: 'off' }] as const;
    expect(calm.map((state) => said(state).isBad)).toEqual(calm.map(() => false));
    expect(bad.map((state) => said(state).isBad)).toEqual(bad.map(() => true));
  });

  test('an age is said in the unit that fits', () => {
    expect([0, 1, 119, 120, 2_879, 2_880].map(LANGUAGES.en.age)).toEqual([
      'under 1 min',
      '1 min',
      '119 min',
      '2 h',
      '47 h',
      '2 days',
    ]);
  });
});

describe('order of a rotation', () => {
  const [a, b, c, d] = [entry('a', 1, 'ON_STAGE'), entry('b', 2, 'CALLED'), entry('c', 3), entry('d', 4)];
  const ids = (order: readonly Entry[]) => order.map(({ id }) => id).join('');

  test('moves that are on their way are shown as done, the later on top of the earlier', () => {
    const all = [entry('a', 1), entry('b', 2), entry('c', 3)];
    expect(
      ids(
        orderOf(all, [
          { entry: 'c', after: null },
          { entry: 'a', after: 'b' },
        ]),
      ),
    ).toBe('cba');
  });

  test('a move behind one who is gone is not shown', () => {
    expect(ids(orderOf([c, d], [{ entry: 'c', after: 'gone' }]))).toBe('cd');
  });

  test('whatever the screen sends, the node puts her where the screen shows her', () => {
    const order = orderOf([a, b, c, d, entry('e', 5)], []);
    for (const mover of ['c', 'd', 'e']) {
      for (const before of [null, 'b', 'c', 'd', 'e']) {
        if (before === mover) continue;
        const after = afterFor(order, mover, before);
        const facts = order.map(({ id, ...rest }) => ({ entry: id, ...rest }));
        const decision = moveEntry(facts, {
          entry: mover,
          afterEntry: after,
          version: facts.find((one) => one.entry === mover)?.version ?? 0,
        });
        expect(decision).toMatchObject({ ok: true });
        const shown = orderOf(order, [{ entry: mover, after }]);
        const place = decision.ok ? decision.events[0]?.body : undefined;
        expect(shown[shown.findIndex(({ id }) => id === mover) - 1]?.id ?? null).toBe(place?.after ?? null);
      }
    }
  });

  test('nobody is put above one who is called or on stage', () => {
    expect(firstFree([a, b, c, d], 'd')).toBe(1);
    expect(firstFree([a, c, d], 'd')).toBe(0);
    expect(firstFree([c, a, d, b], 'd')).toBe(2);
    expect(ids(waitingOf([a, b, c]))).toBe('bc');
  });

  test('a list that is held keeps its rows, drops who is gone and takes in who is new', () => {
    const now = [entry('d', 1), entry('n', 2), entry('b', 3), entry('a', 4)];
    expect(ids(heldOrder(['a', 'b', 'c', 'd'], now))).toBe('abdn');
    expect(ids(heldOrder(['a', 'b'], [entry('n', 1), entry('a', 2), entry('b', 3)]))).toBe('nab');
  });
});

describe('geometry of a drag', () => {
  const slots = [0, 100, 300, 400].map((top) => ({ top, height: 92 }));

  test('a row that is not moved stays at home, and half a row further it changes place', () => {
    const at = (centre: number) => placeAt(slots, { home: 2, step: 100, centre });
    expect([at(246), at(294), at(297), at(197), at(195), at(-50), at(900)]).toEqual([2, 2, 3, 2, 1, 0, 4]);
  });

  test('only the rows between home and target give way', () => {
    const shifts = (home: number, at: number) => slots.map((_, index) => shiftOf(index, { home, at, step: 100 }));
    expect(shifts(2, 2)).toEqual([0, 0, 0, 0]);
    expect(shifts(2, 0)).toEqual([100, 100, 0, 0]);
    expect(shifts(1, 3)).toEqual([0, -100, -100, 0]);
  });
});

describe('what is shown', () => {
  test('a room turns soon at three minutes, last at one, over at none', () => {
    const session = {
      session: 's',
      state: 'RUNNING',
      dancers: [],
      minutes: 15,
      startedAt: 0,
      plannedEnd: 900_000,
      grossCents: null,
    } as const;
    const room: Row<'room'> = { id: 'r', name: 'VIP', state: 'OCCUPIED', session };
    const phases = [719_999, 720_000, 839_999, 840_000, 899_999, 900_000].map((now) => roomPhase(room, now));
    expect(phases).toEqual(['running', 'soon', 'soon', 'last', 'last', 'over']);
  });

  test('a timer counts down, then up with a plus', () => {
    expect([61_000, 500, 0, -1_000, -3_661_000].map(countdown)).toEqual(['1:01', '0:01', '+0:00', '+0:01', '+1:01:01']);
  });

  test('money is typed and shown as cents', () => {
    expect(['', '20', '20.5', '20,05', '1.234', '-3', 'x'].map(centsOf)).toEqual([
      0,
      2_000,
      2_050,
      2_005,
      null,
      null,
      null,
    ]);
    expect(formatOf('en', { tz: 'UTC', currency: 'USD' }).money(123_456)).toBe('$1,234.56');
    expect(formatOf('en', { tz: 'UTC', currency: 'JPY' }).money(500)).toBe('¥500');
  });

  test('every refusal has a message of its own in every language', () => {
    for (const words of Object.values(LANGUAGES)) {
      const messages = Object.keys(REFUSALS).map((code) => words.troubles[code as keyof typeof REFUSALS]);
      expect(new Set(messages).size).toBe(messages.length);
    }
    expect(LANGUAGES.es.troubles.entry_changed).not.toBe(LANGUAGES.en.troubles.entry_changed);
  });

  test('a key is a UUID of version 7', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
