import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import { engagementOn } from '#shared/domain/person.ts';
import type { PersonField } from '#shared/domain/roster-events.ts';
import type { Db } from '../db/open.ts';
import { agreement, engagement, image, stageNameFurther } from '../db/roster-schema.ts';
import { attendance, dancer } from '../db/schema.ts';
import { restriction } from '../db/shared-schema.ts';
import { nothing, type Appliers } from './applier.ts';
import { values } from './values.ts';

export function rosterReads(db: Db) {
  const registered = db
    .select({ engagement: dancer.engagement })
    .from(dancer)
    .where(eq(dancer.dancer, sql.placeholder('dancer')))
    .prepare();
  const sets = db
    .select({ effectiveFrom: engagement.effectiveFrom, engagement: engagement.engagement })
    .from(engagement)
    .where(eq(engagement.dancer, sql.placeholder('dancer')))
    .orderBy(engagement.effectiveFrom)
    .prepare();
  const signed = db
    .select()
    .from(agreement)
    .where(eq(agreement.dancer, sql.placeholder('dancer')))
    .orderBy(desc(agreement.signedAt))
    .prepare();
  const imageById = db
    .select()
    .from(image)
    .where(eq(image.image, sql.placeholder('image')))
    .prepare();
  const imagesOf = db
    .select()
    .from(image)
    .where(eq(image.dancer, sql.placeholder('dancer')))
    .orderBy(desc(image.attachedAt))
    .prepare();
  const unlifted = db.select().from(restriction).where(isNull(restriction.liftedBy)).prepare();
  return {
    ...nameReads(db),
    engagements: (id: string) => sets.all({ dancer: id }),
    /** On a business date; undefined for a dancer that nobody knows. */
    engagementOn: (id: string, date: string) => {
      const known = registered.get({ dancer: id });
      return known && engagementOn(known.engagement, sets.all({ dancer: id }), date);
    },
    /** The newest first. */
    agreements: (id: string) => signed.all({ dancer: id }),
    image: (id: string) => imageById.get({ image: id }),
    /** The newest first. */
    images: (id: string) => imagesOf.all({ dancer: id }),
    /** Every restriction that nobody lifted. */
    restrictions: () => unlifted.all().map((one) => ({ ...one, lifted: false })),
  };
}

function nameReads(db: Db) {
  const row = db
    .select({ stageName: dancer.stageName })
    .from(dancer)
    .where(eq(dancer.dancer, sql.placeholder('dancer')))
    .prepare();
  const further = db
    .select({ stageName: stageNameFurther.stageName })
    .from(stageNameFurther)
    .where(eq(stageNameFurther.dancer, sql.placeholder('dancer')))
    .prepare();
  const firstOfNight = db
    .select({ dancer: dancer.dancer, name: dancer.stageName })
    .from(attendance)
    .innerJoin(dancer, eq(dancer.dancer, attendance.dancer))
    .where(eq(attendance.day, sql.placeholder('day')))
    .prepare();
  const furtherOfNight = db
    .select({ dancer: stageNameFurther.dancer, name: stageNameFurther.stageName })
    .from(attendance)
    .innerJoin(stageNameFurther, eq(stageNameFurther.dancer, attendance.dancer))
    .where(eq(attendance.day, sql.placeholder('day')))
    .prepare();
  const furtherOf = (id: string) => further.all({ dancer: id }).map(({ stageName }) => stageName);
  const namesOf = (id: string): readonly string[] => {
    const first = row.get({ dancer: id });
    return first ? [first.stageName, ...furtherOf(id)] : [];
  };
  return {
    /** Every name that she dances under, the first one first; none for a dancer that nobody knows. */
    namesOf,
    furtherOf,
    /** Every name of everybody who was checked in on a night. */
    namesOfNight: (day: string | undefined) =>
      day === undefined ? [] : [...firstOfNight.all({ day }), ...furtherOfNight.all({ day })],
  };
}

type RosterEvents =
  | 'dancer.corrected'
  | 'dancer.engagement_set'
  | 'dancer.stage_name_added'
  | 'dancer.stage_name_dropped'
  | 'dancer.restriction_dated'
  | 'agreement.signed'
  | 'image.attached'
  | 'image.opened'
  | 'roster.exported';

export function rosterApply(db: Db): Appliers<RosterEvents> {
  const set = (column: 'legalName' | 'birthDate') =>
    db
      .update(dancer)
      .set({ [column]: sql`${sql.placeholder('sealed')}` })
      .where(eq(dancer.dancer, sql.placeholder('dancer')))
      .prepare();
  const correct: { readonly [F in PersonField]: ReturnType<typeof set> } = {
    legal_name: set('legalName'),
    birth_date: set('birthDate'),
  };
  const engage = db
    .insert(engagement)
    .values(values(engagement))
    .onConflictDoUpdate({
      target: [engagement.dancer, engagement.effectiveFrom],
      set: { engagement: sql`excluded.engagement` },
    })
    .prepare();
  const addName = db.insert(stageNameFurther).values(values(stageNameFurther)).onConflictDoNothing().prepare();
  const dropName = db
    .delete(stageNameFurther)
    .where(
      and(
        eq(stageNameFurther.dancer, sql.placeholder('dancer')),
        eq(stageNameFurther.stageName, sql.placeholder('stageName')),
      ),
    )
    .prepare();
  const date = db
    .update(restriction)
    .set({ reviewOn: sql`${sql.placeholder('reviewOn')}`, expiresOn: sql`${sql.placeholder('expiresOn')}` })
    .where(eq(restriction.restriction, sql.placeholder('restriction')))
    .prepare();
  const attach = db.insert(image).values(values(image)).prepare();
  const sign = db.insert(agreement).values(values(agreement)).prepare();
  return {
    'dancer.corrected': ({ body, pii }) => {
      for (const field of body.fields) {
        const sealed = pii?.[body.dancer]?.[field];
        assert(sealed !== undefined, 'a correction comes with what it corrects, sealed');
        correct[field].run({ dancer: body.dancer, sealed });
      }
    },
    'dancer.engagement_set': ({ body }) => void engage.run(body),
    'dancer.stage_name_added': ({ body }) => void addName.run(body),
    'dancer.stage_name_dropped': ({ body }) => void dropName.run(body),
    'dancer.restriction_dated': ({ body }) => void date.run(body),
    'agreement.signed': ({ body, pii }, { wall }) => {
      const signature = pii?.[body.dancer]?.['signature'];
      assert(signature !== undefined, 'an agreement comes with its sealed signature');
      const { by, ...rest } = body;
      sign.run({ ...rest, takenBy: by, signedAt: wall, signature });
    },
    'image.attached': ({ body }, { wall }) => void attach.run({ ...body, attachedAt: wall }),
    'image.opened': nothing,
    'roster.exported': nothing,
  };
}
