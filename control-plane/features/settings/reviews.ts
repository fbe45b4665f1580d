import { and, asc, eq, isNull } from 'drizzle-orm';
import type { SharedValue } from '#shared/domain/event.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';
import { isSame, ruleOf } from '#shared/domain/shared-field.ts';
import { sharedReview } from '../../db/settings-schema.ts';
import { inTenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { changeFeed, type FeedChange, type OfClub, type Settings } from './feed-log.ts';
import { putField, readField } from './fields.ts';

export type Decide = {
  readonly review: string;
  readonly choice: 'hq' | 'floor';
  readonly by: string;
  readonly why: string;
};
type Review = typeof sharedReview.$inferSelect;

/** What waits for a person, the oldest first. A value of high care is the floor's ciphertext. */
export async function openReviews(cloud: Settings, of: OfClub) {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const open = and(eq(sharedReview.org, of.org), eq(sharedReview.club, of.club), isNull(sharedReview.decision));
    const rows = await db
      .select()
      .from(sharedReview)
      .where(open)
      .orderBy(asc(sharedReview.madeAt), asc(sharedReview.review))
      .limit(limits.sharedListMax);
    return rows.map(({ review, kind, coll, id, field, hqValue, floorValue, refusal, madeAt }) => ({
      review,
      kind,
      coll,
      id,
      field,
      hqValue: JSON.parse(hqValue) as SharedValue,
      floorValue: JSON.parse(floorValue) as SharedValue,
      refusal,
      madeAt,
    }));
  });
}

/** A person chooses between the two values; who and why is kept. What was decided is decided. */
export async function decideReview(
  cloud: Settings,
  of: OfClub,
  decide: Decide,
): Promise<'decided' | 'review_unknown' | 'review_decided' | null> {
  return changeFeed(cloud, of, async (change) => {
    const { review, choice, by, why } = decide;
    const mine = and(eq(sharedReview.org, of.org), eq(sharedReview.club, of.club), eq(sharedReview.review, review));
    const [row] = await change.tenant.db.select().from(sharedReview).where(mine);
    if (!row) return 'review_unknown';
    if (row.decision !== null) return 'review_decided';
    await change.tenant.db
      .update(sharedReview)
      .set({ decision: choice, decidedBy: by, why, decidedAt: change.now })
      .where(mine);
    await carryOut(change, row, decide);
    return 'decided';
  });
}

async function carryOut(change: FeedChange, row: Review, { choice, by }: Decide): Promise<void> {
  const name: FieldName = { coll: row.coll, id: row.id, field: row.field };
  if (ruleOf(name) === 'review') {
    // The values are ciphertext of the box, which has both: it is told which of them holds.
    const outcome = choice === 'floor' ? 'accepted' : 'overridden';
    if (row.edit !== null) change.tell({ op: 'notice', ...name, edit: row.edit, outcome, refusal: null });
    return;
  }
  const value = JSON.parse(choice === 'hq' ? row.hqValue : row.floorValue) as SharedValue;
  const register = await readField(change, name);
  // Where the box did not take the value over, it is told once more under a new version.
  if (isSame(value, register.value) && row.kind !== 'not_taken') return;
  await putField(change, name, {
    fv: register.fv + 1,
    value,
    effectiveAt: change.now,
    edit: null,
    origin: 'hq',
    by,
  });
}
