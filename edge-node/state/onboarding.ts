import { desc, eq, sql } from 'drizzle-orm';
import type { OnboardingBodies } from '#shared/domain/onboarding-events.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { invitation } from '../db/onboarding-schema.ts';
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
  const set = db
    .update(invitation)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(where)
    .prepare();
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
    'onboarding.approved': ({ body }) => void set.run({ invitation: body.invitation, state: 'APPROVED' }),
    'onboarding.refused': ({ body }) => void set.run({ invitation: body.invitation, state: 'REFUSED' }),
  };
}
