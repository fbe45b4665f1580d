import type { TableName } from '#shared/contract/live.ts';
import type { ClubEvent } from '#shared/domain/event.ts';

/** Rows of the view that an event touches, by table and id; 'everything' where no short list would do. */
export type Touched = 'everything' | readonly (readonly [table: TableName, id: string])[];

/** Pure, so that what a screen missed can be found from the log alone. */
export function touched(event: ClubEvent): Touched {
  const { type, body } = event;
  switch (type) {
    case 'club.configured':
    case 'price_list.set':
      return [['club', 'club']];
    case 'stage.added':
      return [['stage', body.stage]];
    case 'room.added':
    case 'room_session.quoted':
    case 'room_session.cancelled':
    case 'room_session.extended':
    case 'room_session.settled':
    case 'room.cleaned':
      return [['room', body.room]];
    case 'room_session.started':
    case 'room_session.ended':
      return [['room', body.room], ...body.dancers.map((dancer) => ['attendance', dancer] as const)];
    case 'drawer.added':
    case 'drawer.opened':
    case 'drawer.dropped':
    case 'drawer.counted':
    case 'drawer.closed':
      return [['drawer', body.drawer]];
    case 'day.opened':
    case 'day.closing_begun':
      return [['day', 'day']];
    case 'day.closed':
    case 'clock.stepped':
      return 'everything';
    case 'attendance.checked_in':
    case 'attendance.checked_out':
    case 'attendance.settled':
    case 'house_fee.assessed':
    case 'house_fee.paid':
    case 'house_fee.deferred':
    case 'house_fee.waived':
      return [['attendance', body.dancer]];
    case 'rotation.added':
    case 'rotation.moved':
    case 'rotation.called':
    case 'rotation.missed':
    case 'rotation.held':
    case 'rotation.resumed':
    case 'rotation.removed':
      return [['entry', body.entry]];
    case 'stage_set.started':
    case 'stage_set.ended':
      return [
        ['stage', body.stage],
        ['entry', body.entry],
        ['attendance', body.dancer],
      ];
    case 'node.started':
    case 'staff.added':
    case 'device.paired':
    case 'device.revoked':
    case 'dancer.registered':
    case 'credential.added':
      return [];
  }
}
