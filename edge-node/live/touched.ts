import type { TableName } from '#shared/contract/live.ts';
import type { ClubEvent, EventBodies, EventType } from '#shared/domain/event.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';

/** Rows of the view that an event touches, by table and id; 'everything' where no short list would do. */
export type Touched = 'everything' | readonly (readonly [table: TableName, id: string])[];

const nothing = (): Touched => [];
const everything = (): Touched => 'everything';
const theClub = (): Touched => [['club', 'club']];
const theDay = (): Touched => [['day', 'day']];
const itsRoom = (body: { readonly room: string }): Touched => [['room', body.room]];
const itsDrawer = (body: { readonly drawer: string }): Touched => [['drawer', body.drawer]];
const itsStage = (body: { readonly stage: string }): Touched => [['stage', body.stage]];
const entryAndDancer = (body: { readonly entry: string; readonly dancer: string }): Touched => [
  ['entry', body.entry],
  ['attendance', body.dancer],
];
const itsDancer = (body: { readonly dancer: string }): Touched => [['attendance', body.dancer]];
const itsEntry = (body: { readonly entry: string }): Touched => [['entry', body.entry]];
const roomAndDancers = (body: { readonly room: string; readonly dancers: readonly string[] }): Touched => [
  ['room', body.room],
  ...body.dancers.map((dancer) => ['attendance', dancer] as const),
];
const stageAndDancer = (body: EventBodies['stage_set.started']): Touched => [
  ['stage', body.stage],
  ['entry', body.entry],
  ['attendance', body.dancer],
];

/** A stage name stands in every row that she is in. */
const itsName = ({ coll, field }: FieldName): Touched =>
  coll === 'dancer' && field === 'stage_name' ? 'everything' : [];

const TOUCHES: { readonly [K in EventType]: (body: EventBodies[K]) => Touched } = {
  'node.started': nothing,
  'clock.stepped': everything,
  'club.configured': theClub,
  'price_list.set': theClub,
  'stage.added': itsStage,
  'room.added': itsRoom,
  'drawer.added': itsDrawer,
  'staff.added': nothing,
  'device.paired': nothing,
  'device.revoked': nothing,
  'day.opened': theDay,
  'day.closing_begun': theDay,
  'day.closed': everything,
  'dancer.registered': nothing,
  'credential.added': nothing,
  'credential.verified': nothing,
  'credential.suspended': nothing,
  'credential.revoked': nothing,
  'identity.checked': nothing,
  'policy_pack.installed': nothing,
  'club_policy.set': nothing,
  'attendance.checked_in': itsDancer,
  'attendance.checked_out': itsDancer,
  'attendance.settled': itsDancer,
  'house_fee.assessed': itsDancer,
  'house_fee.paid': itsDancer,
  'house_fee.deferred': itsDancer,
  'house_fee.waived': itsDancer,
  'rotation.added': itsEntry,
  'rotation.moved': itsEntry,
  'rotation.called': itsEntry,
  'rotation.missed': itsEntry,
  'rotation.held': itsEntry,
  'rotation.resumed': itsEntry,
  'rotation.removed': itsEntry,
  'stage_set.started': stageAndDancer,
  'stage_set.ended': stageAndDancer,
  'rotation.configured': nothing,
  'stage.opened': itsStage,
  'stage.closed': itsStage,
  'rotation.transferred': itsEntry,
  'rotation.merged': itsEntry,
  'rotation.acknowledged': itsEntry,
  'rotation.skipped': itsEntry,
  'rotation.planned': itsEntry,
  'rotation.overridden': nothing,
  'stage_set.joined': stageAndDancer,
  'stage_set.left': entryAndDancer,
  'stage_set.planned': itsEntry,
  'feature.scheduled': nothing,
  'feature.cancelled': nothing,
  'room_session.quoted': itsRoom,
  'room_session.cancelled': itsRoom,
  'room_session.started': roomAndDancers,
  'room_session.extended': itsRoom,
  'room_session.ended': roomAndDancers,
  'room_session.settled': itsRoom,
  'room.cleaned': itsRoom,
  'room.out_of_service': itsRoom,
  'room.back_in_service': itsRoom,
  'room_session.swapped': (body) => [
    ['room', body.room],
    ['attendance', body.out],
    ['attendance', body.into],
  ],
  'room_session.joined': (body) => [
    ['room', body.room],
    ['attendance', body.dancer],
  ],
  'room_session.added': itsRoom,
  'room_session.confirmed': nothing,
  'room_session.disputed': nothing,
  'room_session.decided': nothing,
  'room_session.collected': itsRoom,
  'room_session.voided': itsRoom,
  'drawer.opened': itsDrawer,
  'drawer.dropped': itsDrawer,
  'drawer.counted': itsDrawer,
  'drawer.closed': itsDrawer,
  'cash_limits.set': nothing,
  'drawer.paid_in': itsDrawer,
  'drawer.paid_out': itsDrawer,
  'drawer.no_sale': itsDrawer,
  'drawer.recounted': itsDrawer,
  'drawer.explained': itsDrawer,
  'drawer.handed_over': itsDrawer,
  'drawer.reported': nothing,
  'tip_out.proposed': nothing,
  'tip_out.acknowledged': nothing,
  'tip_out.paid': nothing,
  'tip_out.declined': nothing,
  'dancer.paid_out': itsDancer,
  'day.force_closed': nothing,
  'day.reopened': everything,
  'day.reported': nothing,
  'ledger.adjusted': nothing,
  'dancer.restricted': nothing,
  'dancer.restriction_lifted': nothing,
  'dancer.noted': nothing,
  'shared_field.edited': itsName,
  'shared_field.taken': itsName,
  'shared_field.waits': nothing,
  'shared_field.answered': nothing,
  'feed_item.refused': nothing,
  'command.done': nothing,
  'message.posted': nothing,
  'blob.taken': nothing,
  'dance_tally.recorded': nothing,
  'dance_tally.withdrawn': nothing,
  'house_fee.capped': itsDancer,
  'area.added': nothing,
  'area.limit_set': nothing,
  'door.entered': nothing,
  'door.left': nothing,
  'door.moved': nothing,
  'door.refused': nothing,
  'occupancy.warned': nothing,
  'occupancy.corrected': nothing,
  'incident.reported': nothing,
  'incident.review_begun': nothing,
  'incident.closed': nothing,
  'complaint.logged': nothing,
  'complaint.judged': nothing,
  'record.noted': nothing,
  'blocklist_entry.added': nothing,
  'blocklist_entry.reviewed': nothing,
  'blocklist_entry.lifted': nothing,
  'site_visit.recorded': nothing,
  'training.recorded': nothing,
  'safety_test.recorded': nothing,
  'record.opened': nothing,
  'record.erased': nothing,
  'inspection_pack.made': nothing,
  'dancer.corrected': nothing,
  'dancer.engagement_set': nothing,
  'dancer.stage_name_added': nothing,
  'dancer.stage_name_dropped': nothing,
  'dancer.restriction_dated': nothing,
  'agreement.signed': nothing,
  'roster.exported': nothing,
  'image.attached': nothing,
  'image.opened': nothing,
};

/** Pure, so that what a screen missed can be found from the log alone. */
export function touched(event: ClubEvent): Touched {
  // The table pairs each type with its own body; TypeScript can't follow that through a lookup.
  const touches = TOUCHES[event.type] as ((body: ClubEvent['body']) => Touched) | undefined;
  // What only a newer program knows went to review.
  return touches?.(event.body) ?? [];
}
