import { Type, type TSchema } from 'typebox';

/** Bodies of the events about cash, version 1: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const Cents = Type.Integer();
const Count = Type.Integer({ minimum: 0 });
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Postings = Type.Array(body({ account: Text, cents: Cents }));
const session = { drawerSession: Id, drawer: Id };
const moved = { ...session, postings: Postings };
const parties = { tipOut: Id, dancer: Id, to: Id };

const DrawerReportBody = body({
  responsible: Id,
  bankCents: Cents,
  paidInCents: Cents,
  droppedCents: Cents,
  paidOutCents: Cents,
  noSales: Count,
  takings: Type.Array(body({ type: Text, cents: Cents })),
  expectedCents: Cents,
  counts: Type.Array(body({ by: Text, countedCents: Cents })),
  overShortCents: orNull(Cents),
  explanation: orNull(Text),
});

export const cashBodies = <Totals extends TSchema>(totals: Totals) =>
  ({
    'cash_limits.set': body({
      paidOutCents: orNull(Cents),
      overShortCents: orNull(Cents),
      drawerCents: orNull(Cents),
    }),
    'drawer.paid_in': body({ ...moved, cents: Cents, reason: Text }),
    'drawer.paid_out': body({ ...moved, cents: Cents, reason: Text, approver: orNull(Id) }),
    'drawer.no_sale': body({ ...session, reason: Text }),
    'drawer.recounted': body({ ...moved, countedCents: Cents, differenceCents: Cents }),
    'drawer.explained': body({ ...session, reason: Text }),
    'drawer.handed_over': body({
      ...moved,
      next: Id,
      from: Id,
      to: Id,
      countedCents: Cents,
      expectedCents: Cents,
      overShortCents: Cents,
    }),
    'drawer.reported': body({ ...session, z: Count, report: DrawerReportBody }),
    'tip_out.proposed': body({ ...parties, cents: Cents, proposedBy: Text }),
    'tip_out.acknowledged': body(parties),
    'tip_out.paid': body({ ...parties, cents: Cents, drawer: orNull(Id), postings: Postings }),
    'tip_out.declined': body(parties),
    'dancer.paid_out': body({
      dancer: Id,
      cents: Cents,
      drawer: Id,
      attendances: Type.Array(Id),
      fees: Type.Array(Id),
      postings: Postings,
    }),
    'day.force_closed': body({
      day: Id,
      reason: Text,
      stageSets: Type.Array(Id),
      roomSessions: Type.Array(Id),
      attendances: Type.Array(Id),
      leftDrawers: Type.Array(Id),
      leftRoomSessions: Type.Array(Id),
    }),
    'day.reopened': body({ day: Id, date: DateText, reason: Text }),
    'day.reported': body({
      day: Id,
      date: DateText,
      z: Count,
      report: body({
        totals,
        byClass: Type.Array(body({ class: Text, cents: Cents })),
        byType: Type.Array(body({ type: Text, n: Count })),
        paidOutCents: Cents,
        noSales: Count,
        adjustments: Count,
      }),
    }),
    'ledger.adjusted': body({ corrects: orNull(Id), reason: Text, postings: Postings }),
  }) as const;
