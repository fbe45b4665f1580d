import { and, asc, eq, gt, or, sql } from 'drizzle-orm';
import type { SharedValue } from '#shared/domain/event.ts';
import type { FieldName, Origin } from '#shared/domain/feed-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { merge, UNWRITTEN, type FieldWrite, type Merged, type Register } from '#shared/domain/shared-field.ts';
import { sharedField, sharedReview } from '../../db/settings-schema.ts';
import { inTenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { changeFeed, type FeedChange, type OfClub, type Settings } from './feed-log.ts';

export type Stored = Register & { readonly origin: Origin; readonly floorValue: SharedValue };
export type Written =
  | { readonly ok: true; readonly fv: number; readonly rev: number; readonly bothKept: boolean }
  | { readonly ok: false; readonly refusal: Refusal | 'overridden' };

const REVIEW_ID_BYTES = 9;

/** Headquarters sets a field, or empties it with null. Refused by the rule of the field, or `overridden` by a later value. */
export async function setField(
  cloud: Settings,
  of: OfClub,
  wish: { readonly name: FieldName; readonly baseFv: number; readonly value: SharedValue; readonly by: string },
): Promise<Written | null> {
  return changeFeed(cloud, of, async (change): Promise<Written> => {
    const { name, baseFv, value, by } = wish;
    const write: FieldWrite = { origin: 'hq', baseFv, after: null, value, effectiveAt: change.now };
    const { merged, rev } = await writeField(change, name, { write, by, edit: null });
    if (merged.outcome === 'accepted') return { ok: true, fv: merged.fv, rev, bothKept: merged.bothKept };
    if (merged.outcome === 'overridden') return { ok: false, refusal: 'overridden' };
    return { ok: false, refusal: merged.outcome === 'refused' ? merged.refusal : 'needs_review' };
  });
}

/** Asks the rule and does what it says: the register, the revision that tells of it, the review where both are kept. */
export async function writeField(
  change: FeedChange,
  name: FieldName,
  { write, by, edit }: { readonly write: FieldWrite; readonly by: string; readonly edit: string | null },
): Promise<{ readonly merged: Merged; readonly rev: number }> {
  const register = await readField(change, name);
  const merged = merge(name, register, write, change.now);
  const conflict = { kind: 'conflict', edit, refusal: null } as const;
  if (merged.outcome === 'accepted') {
    if (merged.bothKept) await keepBoth(change, name, { ...conflict, hq: write.value, floor: register.value });
    const { fv, effectiveAt } = merged;
    const rev = await putField(change, name, { fv, value: write.value, effectiveAt, edit, origin: write.origin, by });
    return { merged, rev };
  }
  if (merged.outcome === 'overridden' && merged.bothKept)
    await keepBoth(change, name, { ...conflict, hq: register.value, floor: write.value });
  return { merged, rev: 0 };
}

export async function readField({ tenant, of }: FeedChange, name: FieldName): Promise<Stored> {
  const [row] = await tenant.db.select().from(sharedField).where(named(of, name));
  if (!row) return { ...UNWRITTEN, origin: 'hq', floorValue: null };
  const { fv, effectiveAt, edit, origin } = row;
  const [value, floorValue] = [JSON.parse(row.value) as SharedValue, JSON.parse(row.floorValue) as SharedValue];
  return { fv, value, effectiveAt, edit, origin, floorValue };
}

type Version = Register & { readonly origin: Origin; readonly by: string };

/** Writes a version and tells the club of it. Answers the revision. */
export async function putField(
  { tenant, of, tell }: FeedChange,
  name: FieldName,
  { fv, value, effectiveAt, edit, origin, by }: Version,
): Promise<number> {
  const { coll, id, field } = name;
  const set = { fv, value: JSON.stringify(value), effectiveAt, edit, origin, writtenBy: by };
  await tenant.db
    .insert(sharedField)
    .values({ ...of, coll, id, field, ...set })
    .onConflictDoUpdate({ target: KEY, set });
  return value === null
    ? tell({ op: 'del', coll, id, field, fv })
    : tell({ op: 'set', coll, id, fields: { [field]: { value, fv, edit } } });
}

const KEY = [sharedField.org, sharedField.club, sharedField.coll, sharedField.id, sharedField.field];

/** What a dancer was registered with is where her register begins: version 0, which nobody has to be told of. */
export async function beginField({ tenant, of }: FeedChange, name: FieldName, value: SharedValue): Promise<void> {
  const { coll, id, field } = name;
  const text = JSON.stringify(value);
  await tenant.db
    .insert(sharedField)
    .values({ ...of, coll, id, field, fv: 0, value: text, effectiveAt: 0, origin: 'floor', writtenBy: 'floor' })
    .onConflictDoNothing();
  await noteFloor({ tenant, of }, name, { floorValue: text });
}

/** Two values of one thing are kept for a person. */
export async function keepBoth(
  { tenant, of, cloud, now }: FeedChange,
  { coll, id, field }: FieldName,
  both: {
    readonly kind: 'conflict' | 'review' | 'not_taken';
    readonly hq: SharedValue;
    readonly floor: SharedValue | { readonly sealed: string };
    readonly edit: string | null;
    readonly refusal: string | null;
  },
): Promise<void> {
  const review = `rv_${cloud.random(REVIEW_ID_BYTES).toString('base64url')}`;
  const { kind, hq, floor, edit, refusal } = both;
  const values = { hqValue: JSON.stringify(hq), floorValue: JSON.stringify(floor), edit, refusal };
  await tenant.db.insert(sharedReview).values({ ...of, review, kind, coll, id, field, ...values, madeAt: now });
}

/** What the box said of a field: what it shows, the version that it holds, the one that waits there for the next night. */
export async function noteFloor(
  { tenant, of }: Pick<FeedChange, 'tenant' | 'of'>,
  name: FieldName,
  set: { readonly floorValue?: string; readonly takenFv?: number; readonly waitsFv?: number },
): Promise<void> {
  await tenant.db.update(sharedField).set(set).where(named(of, name));
}

const named = (of: OfClub, { coll, id, field }: FieldName) =>
  and(
    eq(sharedField.org, of.org),
    eq(sharedField.club, of.club),
    eq(sharedField.coll, coll),
    eq(sharedField.id, id),
    eq(sharedField.field, field),
  );

export type FieldPage = {
  readonly coll: string;
  readonly after: { readonly id: string; readonly field: string } | null;
};

/** Fields of one collection in the order of their ids, a page at a time. */
export async function listFields(cloud: Settings, of: OfClub, { coll, after }: FieldPage) {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const mine = and(eq(sharedField.org, of.org), eq(sharedField.club, of.club), eq(sharedField.coll, coll));
    const behind =
      after === null
        ? sql`true`
        : or(gt(sharedField.id, after.id), and(eq(sharedField.id, after.id), gt(sharedField.field, after.field)));
    const rows = await db
      .select()
      .from(sharedField)
      .where(and(mine, behind))
      .orderBy(asc(sharedField.id), asc(sharedField.field))
      .limit(limits.sharedListMax);
    return rows.map(({ id, field, fv, value, origin, writtenBy, takenFv, waitsFv }) => ({
      coll,
      id,
      field,
      fv,
      value: JSON.parse(value) as SharedValue,
      origin,
      by: writtenBy,
      takenFv,
      waitsFv,
    }));
  });
}
