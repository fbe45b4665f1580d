import { eq, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { identityCheck } from '../db/policy-schema.ts';
import { credential, dancer } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

export function dancerReads(db: Db) {
  const byId = db
    .select()
    .from(dancer)
    .where(eq(dancer.dancer, sql.placeholder('id')))
    .prepare();
  const byName = db
    .select()
    .from(dancer)
    .where(eq(dancer.stageName, sql.placeholder('name')))
    .prepare();
  const held = db
    .select()
    .from(credential)
    .where(eq(credential.dancer, sql.placeholder('id')))
    .prepare();
  const credentialById = db
    .select()
    .from(credential)
    .where(eq(credential.credential, sql.placeholder('id')))
    .prepare();
  const checked = db
    .select()
    .from(identityCheck)
    .where(eq(identityCheck.dancer, sql.placeholder('id')))
    .prepare();
  const all = db
    .select({ dancer: dancer.dancer, stageName: dancer.stageName, engagement: dancer.engagement })
    .from(dancer)
    .orderBy(dancer.stageName)
    .prepare();
  return {
    dancer: (id: string) => byId.get({ id }),
    named: (name: string) => byName.get({ name }),
    credentials: (id: string) => held.all({ id }),
    credential: (id: string) => credentialById.get({ id }),
    identityChecks: (id: string) => checked.all({ id }),
    roster: () => all.all(),
  };
}

export function dancerApply(db: Db): Appliers<'dancer.registered'> {
  const put = db.insert(dancer).values(values(dancer)).prepare();
  return {
    'dancer.registered': ({ body, pii }) => {
      const sealed = pii?.[body.dancer];
      assert(
        sealed?.['legal_name'] !== undefined && sealed['birth_date'] !== undefined,
        'a dancer comes with sealed name and birth date',
      );
      put.run({ ...body, legalName: sealed['legal_name'], birthDate: sealed['birth_date'] });
    },
  };
}

export function paperApply(
  db: Db,
): Appliers<
  'credential.added' | 'credential.verified' | 'credential.suspended' | 'credential.revoked' | 'identity.checked'
> {
  const put = db.insert(credential).values(values(credential)).prepare();
  const setState = db
    .update(credential)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(credential.credential, sql.placeholder('credential')))
    .prepare();
  const putCheck = db.insert(identityCheck).values(values(identityCheck)).prepare();
  return {
    'credential.added': ({ body, pii }) => {
      const { verified, renews, ...rest } = body;
      const number = pii?.[body.dancer]?.['credential_number'] ?? null;
      put.run({ ...rest, number, state: verified ? 'ACTIVE' : 'PENDING_VERIFICATION' });
      if (renews !== null) setState.run({ credential: renews, state: 'SUPERSEDED' });
    },
    'credential.verified': ({ body }) => void setState.run({ credential: body.credential, state: 'ACTIVE' }),
    'credential.suspended': ({ body }) => void setState.run({ credential: body.credential, state: 'SUSPENDED' }),
    'credential.revoked': ({ body }) => void setState.run({ credential: body.credential, state: 'REVOKED' }),
    'identity.checked': ({ body, pii }, { wall }) => {
      const sealed = pii?.[body.dancer];
      assert(
        sealed?.['identity_issuer'] !== undefined && sealed['identity_last4'] !== undefined,
        'an identity check comes with its sealed issuer and number',
      );
      const { by, ...rest } = body;
      const { identity_issuer: issuer, identity_last4: last4 } = sealed;
      putCheck.run({ ...rest, checkedBy: by, checkedAt: wall, issuer, last4 });
    },
  };
}
