import { eq, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
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
  const all = db
    .select({ dancer: dancer.dancer, stageName: dancer.stageName, engagement: dancer.engagement })
    .from(dancer)
    .orderBy(dancer.stageName)
    .prepare();
  return {
    dancer: (id: string) => byId.get({ id }),
    named: (name: string) => byName.get({ name }),
    credentials: (id: string) => held.all({ id }),
    roster: () => all.all(),
  };
}

export function dancerApply(db: Db): Appliers<'dancer.registered' | 'credential.added'> {
  const put = db.insert(dancer).values(values(dancer)).prepare();
  const putCredential = db.insert(credential).values(values(credential)).prepare();
  return {
    'dancer.registered': ({ body, pii }) => {
      const sealed = pii?.[body.dancer];
      assert(
        sealed?.['legal_name'] !== undefined && sealed['birth_date'] !== undefined,
        'a dancer comes with sealed name and birth date',
      );
      put.run({ ...body, legalName: sealed['legal_name'], birthDate: sealed['birth_date'] });
    },
    'credential.added': ({ body }) => void putCredential.run(body),
  };
}
