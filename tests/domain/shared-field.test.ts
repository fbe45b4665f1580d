import { describe, expect, test } from 'vitest';
import type { PriceList } from '#shared/domain/event.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';
import { liftRestriction, standing, type RestrictionFact } from '#shared/domain/restriction.ts';
import {
  clamped,
  CLOCK_AHEAD_MS_MAX,
  isSame,
  merge,
  mayNotWrite,
  PRICES,
  ruleOf,
  UNWRITTEN,
  valueFits,
  type FieldWrite,
  type Register,
} from '#shared/domain/shared-field.ts';
import {
  doCommand,
  forgetField,
  pricesForTonight,
  takeAnswer,
  takeBlob,
  takeField,
  UNTOUCHED,
  type FieldFacts,
} from '#shared/domain/take-over.ts';
import { NOW } from '../support/rules.ts';

const NAME: FieldName = { coll: 'dancer', id: 'dn_1', field: 'stage_name' };
const AT = { feed: 'fd_1', rev: 7 };
const prices = (houseFeeCents: number): PriceList => ({ houseFeeCents, roomRates: [] });
const register = (over: Partial<Register> = {}): Register => ({
  fv: 3,
  value: 'Nova',
  effectiveAt: NOW,
  edit: null,
  ...over,
});
const floor = (over: Partial<FieldWrite> = {}): FieldWrite => ({
  origin: 'floor',
  baseFv: 3,
  after: null,
  value: 'Luna',
  effectiveAt: NOW,
  ...over,
});
const hq = (over: Partial<FieldWrite> = {}): FieldWrite => floor({ origin: 'hq', ...over });
const facts = (over: Partial<FieldFacts> = {}): FieldFacts => ({
  local: UNTOUCHED,
  known: true,
  nameTaken: false,
  current: null,
  whole: false,
  ...over,
});
const types = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type);

describe('S16: conflict table row by row', () => {
  test.each(['rotation', 'attendance', 'stage_set', 'room_session', 'cash_count', 'payout', 'incident'])(
    'row 1: %s is the floor’s: headquarters never writes it, and a box does not take it',
    (coll) => {
      const name = { coll, id: 'x', field: 'any' };
      expect(merge(name, UNWRITTEN, hq({ value: 'x' }), NOW)).toEqual({ outcome: 'refused', refusal: 'edge_owned' });
      expect(takeField(facts(), { ...name, fv: 1, value: 'x', edit: null }, AT)).toMatchObject([
        { type: 'feed_item.refused', body: { refusal: 'edge_owned', coll } },
      ]);
    },
  );

  test.each(['licence', 'entitlement', 'flags', 'org_role', 'price_template'])(
    'row 2: %s is headquarters’: an edit of the floor is refused with a reason, headquarters’ last one holds',
    (coll) => {
      const name = { coll, id: 'x', field: 'any' };
      const stale = { baseFv: 0, effectiveAt: 0 };
      expect(merge(name, register(), floor(), NOW)).toEqual({ outcome: 'refused', refusal: 'cloud_owned' });
      expect(merge(name, register(), hq({ ...stale, value: 'x' }), NOW)).toMatchObject({ outcome: 'accepted', fv: 4 });
    },
  );

  describe.each(['price_list.prices', 'room_list.rooms'])('row 3: %s', (both) => {
    const [coll = '', field = ''] = both.split('.');
    const name = { coll, id: 'club', field };
    const held = register({ value: prices(5_000) });

    test('on the base that was seen an edit of the floor is accepted', () => {
      expect(merge(name, held, floor({ value: prices(6_000) }), NOW)).toMatchObject({
        outcome: 'accepted',
        fv: 4,
        bothKept: false,
      });
    });
    test('on a stale base both are kept and headquarters’ value stays, however late the floor’s is', () => {
      const late = floor({ baseFv: 2, value: prices(6_000), effectiveAt: NOW + 60_000 });
      expect(merge(name, held, late, NOW)).toEqual({ outcome: 'overridden', bothKept: true });
    });
    test('headquarters on a stale base wins, and the floor’s value is kept beside', () => {
      expect(merge(name, held, hq({ baseFv: 2, value: prices(7_000) }), NOW)).toMatchObject({
        outcome: 'accepted',
        bothKept: true,
      });
    });
    test('the floor’s second edit, made before its first was answered, is on no stale base', () => {
      const first = register({ fv: 4, value: prices(6_000), edit: 'ed_1' });
      expect(merge(name, first, floor({ baseFv: 3, after: 'ed_1', value: prices(6_500) }), NOW)).toMatchObject({
        outcome: 'accepted',
        bothKept: false,
      });
    });
    test('headquarters’ value waits for the next night, and is never in effect before', () => {
      const item = { ...name, fv: 4, value: prices(9_000), edit: null };
      expect(types(takeField(facts({ current: prices(5_000) }), item, AT))).toEqual(['shared_field.waits']);
    });
  });

  test('row 3: as the night opens, headquarters’ prices come into effect, once', () => {
    const waiting = { ...AT, fv: 4, value: prices(9_000) };
    expect(pricesForTonight(waiting)).toMatchObject([
      { type: 'shared_field.taken', body: { ...PRICES, fv: 4 } },
      { type: 'price_list.set', body: prices(9_000) },
    ]);
    expect(pricesForTonight(null)).toEqual([]);
  });
  test('row 3: the floor’s own prices come back and are in effect already', () => {
    const item = { ...PRICES, fv: 4, value: prices(6_000), edit: 'ed_1' };
    expect(types(takeField(facts({ current: prices(6_000) }), item, AT))).toEqual(['shared_field.taken']);
  });
  test('row 3: a price whose house share is above it is no price', () => {
    const wrong = {
      houseFeeCents: 1,
      roomRates: [{ rate: 'r', name: 'R', minutes: 15, grossCents: 100, houseCents: 200 }],
    };
    expect(merge(PRICES, UNWRITTEN, hq({ value: wrong }), NOW)).toEqual({
      outcome: 'refused',
      refusal: 'body_invalid',
    });
  });

  describe.each(['stage_name', 'photo', 'tags'])('row 4: dancer.%s', (field) => {
    const name = { ...NAME, field };
    const [old, fresh] =
      field === 'photo'
        ? ['a'.repeat(64), 'b'.repeat(64)]
        : field === 'tags'
          ? [['one'], ['two']]
          : (['Nova', 'Luna'] as const);
    const held = register({ value: old });

    test('equal base: accepted', () => {
      expect(merge(name, held, floor({ value: fresh, effectiveAt: 0 }), NOW)).toMatchObject({
        outcome: 'accepted',
        fv: 4,
        bothKept: false,
      });
    });
    test('stale base: the later effective time wins, whoever wrote it', () => {
      for (const side of [floor, hq]) {
        const later = side({ baseFv: 2, value: fresh, effectiveAt: NOW + 1 });
        const earlier = side({ baseFv: 2, value: fresh, effectiveAt: NOW - 1 });
        const same = side({ baseFv: 2, value: fresh, effectiveAt: NOW });
        expect(merge(name, held, later, NOW + 2)).toMatchObject({ outcome: 'accepted' });
        expect(merge(name, held, earlier, NOW + 2)).toEqual({ outcome: 'overridden', bothKept: false });
        expect(merge(name, held, same, NOW + 2)).toEqual({ outcome: 'overridden', bothKept: false });
      }
    });
    test('a clock more than ten minutes ahead is clamped to the receipt, not refused, and wins nothing by it', () => {
      const ahead = floor({ baseFv: 2, value: fresh, effectiveAt: NOW + 365 * 86_400_000 });
      expect(merge(name, register({ value: old, effectiveAt: NOW + 1 }), ahead, NOW)).toMatchObject({
        outcome: 'overridden',
      });
      expect(merge(name, held, ahead, NOW + 5)).toMatchObject({ outcome: 'accepted', effectiveAt: NOW + 5 });
    });
    test('both wrote the same: accepted, no conflict', () => {
      expect(merge(name, held, floor({ baseFv: 2, value: old, effectiveAt: 0 }), NOW)).toMatchObject({
        outcome: 'accepted',
        bothKept: false,
      });
    });
  });
  test('row 4: ten minutes ahead still counts as it stands', () => {
    expect(clamped(NOW + CLOCK_AHEAD_MS_MAX, NOW)).toBe(NOW + CLOCK_AHEAD_MS_MAX);
    expect(clamped(NOW + CLOCK_AHEAD_MS_MAX + 1, NOW)).toBe(NOW);
  });
  test('row 4: the floor’s unanswered edit stays on top of what comes down', () => {
    const local = { ...UNTOUCHED, fv: 1, edit: 'ed_1' };
    const item = { ...NAME, fv: 2, value: 'Nova', edit: null };
    expect(types(takeField(facts({ local, nameTaken: true }), item, AT))).toEqual(['shared_field.taken']);
  });
  test('row 4: overridden, headquarters’ name comes up from under the edit; another dancer’s name does not', () => {
    const local = { ...UNTOUCHED, fv: 2, value: 'Nova', edit: 'ed_1' };
    const answer = { ...NAME, edit: 'ed_1', outcome: 'overridden', refusal: null } as const;
    expect(types(takeAnswer({ local, nameTaken: false }, answer, AT))).toEqual([
      'shared_field.answered',
      'shared_field.taken',
    ]);
    expect(types(takeAnswer({ local, nameTaken: true }, answer, AT))).toEqual([
      'shared_field.answered',
      'feed_item.refused',
    ]);
    expect(takeAnswer({ local, nameTaken: false }, { ...answer, edit: 'ed_0' }, AT)).toEqual([]);
  });
  test('row 4: a name that another dancer has here is refused for a person to decide, never a crash', () => {
    const item = { ...NAME, fv: 1, value: 'Nova', edit: null };
    expect(takeField(facts({ nameTaken: true }), item, AT)).toMatchObject([
      { type: 'feed_item.refused', body: { refusal: 'stage_name_taken' } },
    ]);
  });

  describe.each(['legal_name', 'birth_date', 'id_number'])('row 5: dancer.%s', (field) => {
    const name = { ...NAME, field };
    test('never the last writer: even on the base that was seen a person decides', () => {
      expect(merge(name, register({ value: null }), floor({ value: null }), NOW)).toEqual({ outcome: 'review' });
      expect(merge(name, register({ value: null }), floor({ value: null, baseFv: 0 }), NOW)).toEqual({
        outcome: 'review',
      });
    });
    test('a value in clear is refused by both sides', () => {
      expect(merge(name, UNWRITTEN, hq({ value: 'A Person' }), NOW)).toEqual({
        outcome: 'refused',
        refusal: 'needs_review',
      });
      expect(takeField(facts(), { ...name, fv: 1, value: 'A Person', edit: null }, AT)).toMatchObject([
        { body: { refusal: 'needs_review' } },
      ]);
    });
  });

  describe('row 6: banned, suspended, licence expired, under age', () => {
    const set = (over: Partial<RestrictionFact>): RestrictionFact => ({
      restriction: 'rs_1',
      dancer: 'dn_1',
      kind: 'banned',
      origin: 'floor',
      lifted: false,
      expiresOn: null,
      ...over,
    });
    test('the most restrictive wins: what anybody set holds, one lifted ban leaves the other', () => {
      expect(standing([set({ lifted: true }), set({ restriction: 'rs_2', origin: 'hq' })], '2026-11-21')).toEqual([
        'banned',
      ]);
      expect(standing([set({}), set({ restriction: 'rs_2', kind: 'under_age' })], '2026-11-21')).toEqual([
        'banned',
        'under_age',
      ]);
      expect(standing([set({ lifted: true })], '2026-11-21')).toEqual([]);
    });
    test('only an explicit lift that names the set event clears it, with who and why', () => {
      const by = { reason: 'Appeal', origin: 'floor', by: 'st_1' } as const;
      expect(liftRestriction(undefined, by)).toEqual({ ok: false, refusal: 'restriction_unknown' });
      expect(liftRestriction(set({ lifted: true }), by)).toEqual({ ok: false, refusal: 'restriction_lifted' });
      expect(liftRestriction(set({ origin: 'hq' }), by)).toEqual({ ok: false, refusal: 'restriction_from_hq' });
      expect(liftRestriction(set({}), by)).toMatchObject({
        ok: true,
        events: [{ body: { restriction: 'rs_1', reason: 'Appeal', by: 'st_1' } }],
      });
      expect(liftRestriction(set({}), { ...by, origin: 'hq' })).toMatchObject({ ok: true });
    });
    test('none is ever set or cleared as a value', () => {
      for (const side of [hq, floor])
        expect(
          merge({ coll: 'restriction', id: 'rs_1', field: 'kind' }, UNWRITTEN, side({ value: null }), NOW).outcome,
        ).toBe('refused');
    });
  });

  test.each(['dancer_note', 'incident_log'])('row 7: %s is only ever added to: no value replaces it', (coll) => {
    expect(ruleOf({ coll, field: 'text' })).toBe('union');
    for (const side of [hq, floor])
      expect(merge({ coll, id: 'x', field: 'text' }, register(), side({ value: 'x' }), NOW).outcome).toBe('refused');
  });

  test.each(['balance', 'debt', 'points'])('row 8: a dancer’s %s is never set, by either side', (field) => {
    for (const side of [hq, floor])
      expect(merge({ ...NAME, field }, UNWRITTEN, side({ value: '100' }), NOW)).toEqual({
        outcome: 'refused',
        refusal: 'only_deltas',
      });
  });

  describe('row 9: staff, PIN, devices', () => {
    const revoke = { command: 'cm_1', cmd: 'device.revoke', args: { device: 'dv_1' }, notAfter: NOW, by: 'HQ' };
    const place = { ...AT, now: NOW };
    test.each(['staff', 'pin', 'device'])('%s: headquarters sets no value', (coll) => {
      expect(mayNotWrite(ruleOf({ coll, field: 'x' }), hq())).toBe('edge_owned');
    });
    test('headquarters may revoke, a revocation wins over the grant, and twice is once', () => {
      expect(types(doCommand({ done: false, device: { revoked: false } }, revoke, place))).toEqual([
        'device.revoked',
        'command.done',
      ]);
      expect(doCommand({ done: false, device: { revoked: true } }, revoke, place)).toMatchObject([
        { type: 'command.done', body: { outcome: 'done' } },
      ]);
      expect(doCommand({ done: true, device: { revoked: false } }, revoke, place)).toEqual([]);
    });
    test('a late, unknown or baseless command says so and does nothing', () => {
      expect(doCommand({ done: false, device: { revoked: false } }, revoke, { ...place, now: NOW + 1 })).toMatchObject([
        { body: { outcome: 'expired' } },
      ]);
      expect(doCommand({ done: false, device: undefined }, revoke, place)).toMatchObject([
        { body: { outcome: 'refused', refusal: 'device_not_found' } },
      ]);
      expect(doCommand({ done: false, device: undefined }, { ...revoke, cmd: 'box.burn' }, place)).toMatchObject([
        { body: { outcome: 'refused', refusal: 'command_unknown' } },
      ]);
    });
  });
});

test('a thing that nobody shares is refused, also one that every object has', () => {
  expect(merge({ coll: 'weather', id: 'x', field: 'y' }, UNWRITTEN, hq(), NOW)).toEqual({
    outcome: 'refused',
    refusal: 'field_unknown',
  });
  expect(ruleOf({ coll: 'constructor', field: 'name' })).toBe(null);
  expect(ruleOf({ coll: 'dancer', field: 'toString' })).toBe(null);
});

test('a new version is above what both sides saw, also where the cloud was put back', () => {
  expect(merge(NAME, register({ fv: 2 }), floor({ baseFv: 9 }), NOW)).toMatchObject({ outcome: 'accepted', fv: 10 });
});

test('a version that is here already has no effect; of a whole snapshot a lower one does', () => {
  const local = { ...UNTOUCHED, fv: 5 };
  const item = { ...NAME, fv: 5, value: 'Nova', edit: null };
  expect(takeField(facts({ local }), item, AT)).toEqual([]);
  expect(takeField(facts({ local }), { ...item, fv: 4 }, AT)).toEqual([]);
  expect(types(takeField(facts({ local, whole: true }), { ...item, fv: 4 }, AT))).toEqual(['shared_field.taken']);
  const same = facts({ local: { ...local, value: 'Nova' }, whole: true });
  expect(takeField(same, item, AT)).toEqual([]);
  // A cloud that was put back gives the same number to another value.
  expect(types(takeField(facts({ local: { ...local, value: 'Opal' }, whole: true }), item, AT))).toEqual([
    'shared_field.taken',
  ]);
  expect(forgetField(NAME, AT)).toMatchObject([{ body: { fv: 0, value: null } }]);
});

test('the last good blob is kept: a forged or an older one changes nothing', () => {
  const blob = { coll: 'flags', ver: 4, jws: 'x' };
  expect(types(takeBlob({ ver: 3, genuine: true }, blob, AT))).toEqual(['blob.taken']);
  expect(takeBlob({ ver: 4, genuine: true }, blob, AT)).toEqual([]);
  expect(takeBlob({ ver: 5, genuine: true }, blob, AT)).toMatchObject([{ body: { refusal: 'version_old' } }]);
  expect(takeBlob({ ver: 3, genuine: false }, blob, AT)).toMatchObject([{ body: { refusal: 'signature_wrong' } }]);
});

test('values are the same whatever order their parts are named in', () => {
  expect(isSame({ houseFeeCents: 1, roomRates: [] }, { roomRates: [], houseFeeCents: 1 })).toBe(true);
  expect(isSame(['a', 'b'], ['b', 'a'])).toBe(false);
  expect(isSame(null, null)).toBe(true);
});

test('a stage name is some printed characters, at most eighty', () => {
  expect(valueFits(NAME, 'Nova')).toBe(true);
  for (const wrong of ['', ' ', 'a\u0000b', 'x'.repeat(81), null, ['Nova']]) expect(valueFits(NAME, wrong)).toBe(false);
});
