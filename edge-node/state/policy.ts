import { desc, eq, lte, sql } from 'drizzle-orm';
import { localParts, proposedDate } from '#shared/domain/calendar.ts';
import type { NightDates } from '#shared/domain/eligibility.ts';
import { BUILT_IN_PACKS, packOn, type Policy } from '#shared/domain/policy-pack.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import type { Db } from '../db/open.ts';
import { checkInOverride, clubPolicy, policyPack } from '../db/policy-schema.ts';
import { businessDay, club } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const OVERRIDES_MAX = 500;

export function policyReads(db: Db) {
  const settings = db.select().from(club).prepare();
  const open = db
    .select()
    .from(businessDay)
    .where(sql`${businessDay.state} <> 'CLOSED'`)
    .prepare();
  const lastSet = db
    .select()
    .from(clubPolicy)
    .where(lte(clubPolicy.effectiveFrom, sql.placeholder('date')))
    .orderBy(desc(clubPolicy.effectiveFrom))
    .limit(1)
    .prepare();
  const ofName = db
    .select()
    .from(policyPack)
    .where(eq(policyPack.pack, sql.placeholder('pack')))
    .prepare();
  const installed = db.select().from(policyPack).orderBy(policyPack.pack, policyPack.version).prepare();
  const everySet = db.select().from(clubPolicy).orderBy(clubPolicy.effectiveFrom).prepare();
  const overrides = db.select().from(checkInOverride).orderBy(desc(checkInOverride.pos)).limit(OVERRIDES_MAX).prepare();
  return {
    /** What the club decides by on a business date. Without a word of its own: the pack of its set-up, with alcohol. */
    on: (date: string): Policy => {
      const set = lastSet.get({ date });
      const name = set?.pack ?? settings.get()?.pack ?? '';
      const known = [...BUILT_IN_PACKS, ...ofName.all({ pack: name }).map(({ body }) => body)];
      return {
        pack: packOn(known, name, date),
        servesAlcohol: set?.servesAlcohol ?? true,
        minimumAgeYears: set?.minimumAgeYears ?? null,
      };
    },
    /** The business date and the calendar's, at an instant. Without an open night: those of the night that would open. */
    datesAt: (now: number): NightDates => {
      const { tz, cutoffMinutes } = settings.get() ?? { tz: 'UTC', cutoffMinutes: 0 };
      const today = localParts(now, tz).date;
      return { business: open.get()?.date ?? proposedDate(now, tz, cutoffMinutes), today };
    },
    packs: (): readonly PolicyPack[] => [...BUILT_IN_PACKS, ...installed.all().map(({ body }) => body)],
    /** By the first date that each holds on. */
    everySet: () => everySet.all(),
    /** Check-ins past a BLOCK, the newest first. */
    overrides: () => overrides.all(),
  };
}

export function policyApply(db: Db): Appliers<'policy_pack.installed' | 'club_policy.set'> {
  const put = db.insert(policyPack).values(values(policyPack)).prepare();
  const set = db
    .insert(clubPolicy)
    .values(values(clubPolicy))
    .onConflictDoUpdate({
      target: clubPolicy.effectiveFrom,
      set: {
        policy: sql`excluded.policy`,
        pack: sql`excluded.pack`,
        servesAlcohol: sql`excluded.serves_alcohol`,
        minimumAgeYears: sql`excluded.minimum_age_years`,
      },
    })
    .prepare();
  return {
    'policy_pack.installed': ({ body }) =>
      void put.run({ pack: body.pack.pack, version: body.pack.version, body: body.pack }),
    'club_policy.set': ({ body }) => void set.run(body),
  };
}
