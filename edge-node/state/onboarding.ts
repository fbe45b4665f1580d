import { desc, eq, sql } from 'drizzle-orm';
import type { OnboardingBodies } from '#shared/domain/onboarding-events.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { invitation } from '../db/onboarding-schema.ts';
import { dataKey } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const LISTED_MAX = 200;

export function onboardingReads(db: Db) {
  const byId = db
    .select()
    .from(invitation)
    .where(eq(invitation.invitation, sql.placeholder('invitation')))
    .prepare();
  const byCode = db
    .select()
    .from(invitation)
    .where(eq(invitation.codeHash, sql.placeholder('codeHash')))
    .prepare();
  const newest = db.select().from(invitation).orderBy(desc(invitation.invitation)).limit(LISTED_MAX).prepare();
  return {
    invitation: (id: string) => byId.get({ invitation: id }),
    byCode: (codeHash: string) => byCode.get({ codeHash }),
    newest: () => newest.all(),
  };
}

export function onboardingApply(db: Db): Appliers<keyof OnboardingBodies> {
  const put = db.insert(invitation).values(values(invitation)).prepare();
  const where = eq(invitation.invitation, sql.placeholder('invitation'));
  const fill = db
    .update(invitation)
    .set({
      state: 'APPLIED',
      engagement: sql`${sql.placeholder('engagement')}`,
      stageName: sql`${sql.placeholder('stageName')}`,
      legalName: sql`${sql.placeholder('legalName')}`,
      birthDate: sql`${sql.placeholder('birthDate')}`,
    })
    .where(where)
    .prepare();
  const answer = db
    .update(invitation)
    .set({ state: sql`${sql.placeholder('state')}`, stageName: null, legalName: null, birthDate: null })
    .where(where)
    .prepare();
  // An approved dancer's names are sealed as hers by now; nobody has a use for a refused one's.
  const dropKey = db
    .delete(dataKey)
    .where(eq(dataKey.subject, sql.placeholder('invitation')))
    .prepare();
  const answered = (id: string, state: 'APPROVED' | 'REFUSED'): void => {
    answer.run({ invitation: id, state });
    dropKey.run({ invitation: id });
  };
  return {
    'onboarding.invited': ({ body }) =>
      void put.run({ ...body, state: 'INVITED', engagement: null, stageName: null, legalName: null, birthDate: null }),
    'onboarding.applied': ({ body, pii }) => {
      const sealed = pii?.[body.invitation];
      assert(sealed !== undefined, 'an application comes with its sealed names');
      const { stage_name: stageName, legal_name: legalName, birth_date: birthDate } = sealed;
      fill.run({ ...body, stageName, legalName, birthDate });
    },
    'onboarding.opened': () => undefined,
    'onboarding.approved': ({ body }) => answered(body.invitation, 'APPROVED'),
    'onboarding.refused': ({ body }) => answered(body.invitation, 'REFUSED'),
  };
}
