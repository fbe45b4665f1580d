import { and, eq } from 'drizzle-orm';
import { Compile } from 'typebox/compile';
import type { LoggedEvent } from '#shared/contract/event-line.ts';
import { EVENT_BODIES } from '#shared/contract/event-schemas.ts';
import type { FeedNews } from '#shared/contract/feed.ts';
import type { EventBodies } from '#shared/domain/event.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';
import type { Merged } from '#shared/domain/shared-field.ts';
import { appliedEdit, clubCommand, dancerNote, signedBlob } from '../../db/settings-schema.ts';
import type { FeedChange } from './feed-log.ts';
import { beginField, keepBoth, noteFloor, readField, writeField } from './fields.ts';
import { keepLift, keepRestriction } from './orders.ts';

type Taken =
  | 'dancer.registered'
  | 'dancer.restricted'
  | 'dancer.restriction_lifted'
  | 'dancer.noted'
  | 'shared_field.edited'
  | 'shared_field.taken'
  | 'shared_field.waits'
  | 'feed_item.refused'
  | 'command.done'
  | 'blob.taken';
type Event = Pick<LoggedEvent, 'id' | 'actor' | 'pii'>;
type Takers = { readonly [K in Taken]: (change: FeedChange, body: EventBodies[K], event: Event) => Promise<void> };

/** What in a line shows that it may be one of these. A text of a person can't, as its quotes are escaped. */
export const TAKEN_LINES =
  '"type":"(shared_field\\.|dancer\\.(registered|restrict|noted)|feed_item\\.|command\\.done|blob\\.taken)';

/**
 * Takes one event of the floor, once for its id: a line that is carried into another log comes again and has no second
 * effect. Answers false where it is none that can be read.
 */
export async function takeEdit(change: FeedChange, event: LoggedEvent): Promise<boolean> {
  if (!isTaken(event.type)) return true;
  if (!CHECKS[event.type].Check(event.body)) return false;
  if (!(await isFirst(change, event.id))) return true;
  // The table pairs each type with its own taker; TypeScript can't follow that through a lookup.
  const take = TAKERS[event.type] as (change: FeedChange, body: LoggedEvent['body'], event: Event) => Promise<void>;
  await take(change, event.body, event);
  return true;
}

const TAKERS: Takers = {
  'dancer.registered': (change, { dancer, stageName }) =>
    beginField(change, { coll: 'dancer', id: dancer, field: 'stage_name' }, stageName),
  'dancer.restricted': async (change, body) => {
    if (body.origin === 'floor') await keepRestriction(change, body);
  },
  'dancer.restriction_lifted': async (change, body) => {
    if (body.origin === 'floor') await keepLift(change, body, 'floor');
  },
  'dancer.noted': async ({ tenant, of, now }, { note, dancer, origin, by }, { pii }) => {
    const sealed = pii?.[dancer]?.['note'];
    if (origin === 'hq' || sealed === undefined) return;
    await tenant.db
      .insert(dancerNote)
      .values({ ...of, note, dancer, origin, writtenBy: by, writtenAt: now, sealed })
      .onConflictDoNothing();
  },
  'shared_field.edited': takeFieldEdit,
  'shared_field.taken': (change, body) =>
    noteFloor(change, body, { takenFv: body.fv, floorValue: JSON.stringify(body.value) }),
  'shared_field.waits': (change, body) => noteFloor(change, body, { waitsFv: body.fv }),
  'feed_item.refused': takeRefusal,
  'command.done': async ({ tenant, of, now }, { command, outcome, refusal }) => {
    const mine = and(eq(clubCommand.org, of.org), eq(clubCommand.club, of.club), eq(clubCommand.command, command));
    await tenant.db.update(clubCommand).set({ outcome, refusal, doneAt: now }).where(mine);
  },
  'blob.taken': async ({ tenant, of }, { coll, ver }) => {
    const mine = and(eq(signedBlob.org, of.org), eq(signedBlob.club, of.club), eq(signedBlob.coll, coll));
    await tenant.db.update(signedBlob).set({ takenVer: ver }).where(mine);
  },
};

const CHECKS = Object.fromEntries(
  (Object.keys(TAKERS) as Taken[]).map((type) => [type, Compile(EVENT_BODIES[type])]),
) as unknown as Record<Taken, { readonly Check: (body: unknown) => boolean }>;

function isTaken(type: string): type is Taken {
  return Object.hasOwn(TAKERS, type);
}

async function isFirst({ tenant, of, now }: FeedChange, eventId: string): Promise<boolean> {
  const { rowCount } = await tenant.db
    .insert(appliedEdit)
    .values({ ...of, eventId, at: now })
    .onConflictDoNothing();
  return rowCount === 1;
}

/** An edit of the floor: the rule decides, and the club is told what became of it, whatever that is. */
async function takeFieldEdit(
  change: FeedChange,
  body: EventBodies['shared_field.edited'],
  { id: eventId, actor, pii }: Event,
): Promise<void> {
  const { coll, id, field, edit, baseFv, after, value, editedAt } = body;
  const name = { coll, id, field };
  const write = { origin: 'floor', baseFv, after, value, effectiveAt: editedAt } as const;
  const { merged } = await writeField(change, name, { write, by: actor.id, edit });
  if (merged.outcome === 'accepted' || merged.outcome === 'overridden')
    await noteFloor(change, name, { floorValue: JSON.stringify(value) });
  const sealed = pii?.[id]?.[field];
  if (merged.outcome === 'review' && sealed !== undefined)
    await keepBoth(change, name, { kind: 'review', hq: null, floor: sealed, edit, refusal: null });
  const answer: FeedNews = { op: 'notice', ...name, edit, outcome: merged.outcome, refusal: refusalOf(merged) };
  // An accepted edit comes back as the new version itself.
  if (merged.outcome !== 'accepted') change.tell(answer);
  await change.tenant.db
    .update(appliedEdit)
    .set({ edit, answer: JSON.stringify(answer) })
    .where(
      and(eq(appliedEdit.org, change.of.org), eq(appliedEdit.club, change.of.club), eq(appliedEdit.eventId, eventId)),
    );
}

function refusalOf(merged: Merged): string | null {
  return merged.outcome === 'refused' ? merged.refusal : null;
}

/** The box could not take a value over, such as a name that another dancer has there: both are kept for a person. */
async function takeRefusal(change: FeedChange, body: EventBodies['feed_item.refused']): Promise<void> {
  const { coll, id, field, refusal } = body;
  if (coll === null || id === null || field === null) return;
  const name: FieldName = { coll, id, field };
  const { value, floorValue } = await readField(change, name);
  await keepBoth(change, name, { kind: 'not_taken', hq: value, floor: floorValue, edit: null, refusal });
}
