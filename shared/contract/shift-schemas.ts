import { Type, type TSchema } from 'typebox';
import type { ShiftBodies } from '#shared/domain/shift-events.ts';
import { SentHomeWord } from './shift-api.ts';

/** The bodies of the event types about shifts, breaks and fee schedules, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Count = Type.Integer({ minimum: 0 });
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const attendance = { attendance: Id, dancer: Id };
const Window = body({
  weekday: Type.Union([Count, Type.Null()]),
  fromMinutes: Count,
  toMinutes: Count,
  cents: Type.Integer(),
});

export const shiftBodies = <P extends TSchema>(Postings: P) =>
  ({
    'attendance.break_begun': body(attendance),
    'attendance.break_ended': body(attendance),
    'attendance.sent_home': body({ ...attendance, reason: SentHomeWord }),
    'shift.scheduled': body({ shift: Id, dancer: Id, date: DateText, fromMinutes: Count }),
    'shift.cancelled': body({ shift: Id, dancer: Id, reason: Text }),
    'shift.missed': body({ shift: Id, dancer: Id }),
    'shift.swap_requested': body({ swap: Id, shift: Id, dancer: Id, to: Id }),
    'shift.swap_agreed': body({ swap: Id, to: Id }),
    'shift.swap_declined': body({ swap: Id }),
    'shift.swapped': body({ swap: Id, shift: Id, from: Id, to: Id }),
    'fee_schedule.set': body({ effectiveFrom: DateText, windows: Type.Array(Window) }),
    'fee_pass.given': body({ pass: Id, dancer: Id, reason: Text }),
    'fee_pass.used': body({ pass: Id, dancer: Id, fee: Id, cents: Type.Integer(), postings: Postings }),
  }) as const satisfies Record<keyof ShiftBodies, TSchema>;
