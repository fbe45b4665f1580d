import { Type, type Static, type TSchema } from 'typebox';
import { cashBodies } from './cash-schemas.ts';
import type { EventBodies, EventType } from '#shared/domain/event.ts';
import { ROSTER_BODIES } from './roster-schemas.ts';
import { ROTATION_BODIES } from './rotation-schemas.ts';
import { DOOR_BODIES, SAFETY_BODIES } from './safety-schemas.ts';
import { roomBodies } from './room-schemas.ts';
import { shiftBodies } from './shift-schemas.ts';
import { ONBOARDING_BODIES } from './onboarding-schemas.ts';
import { deskBodies } from './desk-schemas.ts';
import { TRACK_BODIES } from './track-schemas.ts';
import { voucherBodies } from './voucher-schemas.ts';
import { tallyBodies } from './tally-schemas.ts';
import { PackSchema } from './policy-pack-schema.ts';
import {
  CeilingWord,
  CredentialEndedByWord,
  CredentialKindWord,
  DocumentKindWord,
  EngagementWord,
  oneOf,
  OverrideReasonWord,
  RestrictionWord,
  RoleWord,
  StageKindWord,
} from './words.ts';

/**
 * The body of each event type, in its newest version, as it crosses the wire: frozen once shipped. A new shape is a new `tv`.
 * The compiler holds this table and the domain's types together, both ways.
 */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const Cents = Type.Integer();
const Instant = Type.Integer();
const Count = Type.Integer({ minimum: 0 });
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Postings = Type.Array(body({ account: Text, cents: Cents }));
const Price = body({
  grossCents: Cents,
  houseCents: Cents,
  taxCents: Cents,
  shares: Type.Array(body({ dancer: Id, cents: Cents })),
});
const Rate = body({ rate: Id, name: Text, minutes: Count, grossCents: Cents, houseCents: Cents });
const ReasonCode = oneOf(
  'under_age',
  'birth_date_missing',
  'credential_missing',
  'credential_expired',
  'credential_unverified',
  'credential_expires_soon',
  'banned',
  'suspended',
  'licence_expired',
  'identity_missing',
  'identity_expired',
  'credential_suspended',
  'credential_revoked',
  'credential_undated',
  'credential_not_yet_valid',
);
const Eligibility = body({
  verdict: oneOf('ALLOW', 'WARN', 'BLOCK'),
  reasons: Type.Array(body({ code: ReasonCode, severity: oneOf('WARN', 'BLOCK'), rule: Text, source: orNull(Text) })),
  pack: Text,
  packVersion: Count,
});
const Override = body({
  by: Id,
  role: RoleWord,
  reason: OverrideReasonWord,
  second: orNull(Id),
  rules: Type.Array(Text),
});
const aboutCredential = { credential: Id, dancer: Id, by: Text };
const Totals = body({
  checkIns: Count,
  stageSets: Count,
  roomSessions: Count,
  houseFeeCents: Cents,
  waivedCents: Cents,
  roomCents: Cents,
  taxCents: Cents,
  cardCents: Cents,
  dancersOwedCents: Cents,
  overShortCents: Cents,
});
const place = { round: Type.Integer(), rank: Type.Number() };
const drawerMove = { drawerSession: Id, drawer: Id, postings: Postings };
const session = { session: Id, room: Id };
const Dancers = Type.Array(Id);
const fromWhom = { origin: oneOf('floor', 'hq'), by: Text };
const fieldName = { coll: Id, id: Id, field: Id };
const feedPlace = { feed: Id, rev: Count };
/** Longest text of a compact JWS that may stand in an event. */
const JWS_CHARS_MAX = 32_768;
const SharedValue = Type.Union([
  Type.String({ maxLength: 500 }),
  Type.Array(Type.String({ maxLength: 80 }), { maxItems: 32 }),
  body({ houseFeeCents: Cents, roomRates: Type.Array(Rate) }),
  Type.Null(),
]);

export const EVENT_BODIES = {
  'node.started': body({ version: Text, boot: Text }),
  'clock.stepped': body({ byMs: Type.Integer() }),
  'club.configured': body({
    name: Text,
    tz: Text,
    currency: Text,
    cutoffMinutes: Count,
    pack: Text,
    taxBasisPoints: Count,
  }),
  'stage.added': body({ stage: Id, name: Text, kind: StageKindWord }),
  'room.added': body({ room: Id, name: Text }),
  'drawer.added': body({ drawer: Id, name: Text }),
  'price_list.set': body({ houseFeeCents: Cents, roomRates: Type.Array(Rate) }),
  'staff.added': body({ staff: Id, name: Text, roles: Type.Array(RoleWord) }),
  'device.paired': body({ device: Id, name: Text, ceiling: CeilingWord, tokenHash: Text }),
  'device.revoked': body({ device: Id }),
  'day.opened': body({ day: Id, date: DateText }),
  'day.closing_begun': body({ day: Id }),
  'day.closed': body({ day: Id, date: DateText, totals: Totals }),
  'dancer.registered': body({
    dancer: Id,
    stageName: Text,
    engagement: EngagementWord,
  }),
  'credential.added': body({
    credential: Id,
    dancer: Id,
    kind: CredentialKindWord,
    issuer: Text,
    issuedOn: orNull(DateText),
    expiresOn: orNull(DateText),
    verified: Type.Boolean(),
    renews: orNull(Id),
  }),
  'credential.verified': body(aboutCredential),
  'credential.suspended': body({ ...aboutCredential, endedBy: CredentialEndedByWord }),
  'credential.revoked': body({ ...aboutCredential, endedBy: CredentialEndedByWord }),
  'identity.checked': body({
    identity: Id,
    dancer: Id,
    document: DocumentKindWord,
    expiresOn: orNull(DateText),
    by: Text,
  }),
  'policy_pack.installed': body({ pack: PackSchema }),
  'club_policy.set': body({
    policy: Id,
    pack: Id,
    effectiveFrom: DateText,
    servesAlcohol: Type.Boolean(),
    minimumAgeYears: orNull(Count),
  }),
  'attendance.checked_in': body({
    attendance: Id,
    dancer: Id,
    segment: Count,
    eligibility: Eligibility,
    override: orNull(Override),
  }),
  'attendance.checked_out': body({ attendance: Id, dancer: Id }),
  'attendance.settled': body({
    attendance: Id,
    dancer: Id,
    paidOutCents: Cents,
    fees: Type.Array(Id),
    postings: Postings,
  }),
  'house_fee.assessed': body({ fee: Id, attendance: Id, dancer: Id, cents: Cents, rule: Text, postings: Postings }),
  'house_fee.paid': body({ fee: Id, dancer: Id, cents: Cents, drawer: Id, postings: Postings }),
  'house_fee.deferred': body({ fee: Id, dancer: Id, reason: Text }),
  'house_fee.waived': body({ fee: Id, dancer: Id, cents: Cents, reason: Text, postings: Postings }),
  'rotation.added': body({ entry: Id, stage: Id, attendance: Id, dancer: Id, ...place }),
  'rotation.moved': body({ entry: Id, after: orNull(Id), ...place }),
  'rotation.called': body({ entry: Id, away: Count }),
  'rotation.missed': body({ entry: Id, ...place }),
  'rotation.held': body({ entry: Id }),
  'rotation.resumed': body({ entry: Id, ...place }),
  'rotation.removed': body({ entry: Id, reason: oneOf('left', 'manager', 'dj') }),
  'stage_set.started': body({ set: Id, entry: Id, stage: Id, dancer: Id }),
  'stage_set.ended': body({
    set: Id,
    entry: Id,
    stage: Id,
    dancer: Id,
    outcome: oneOf('COMPLETED', 'CUT_SHORT'),
    ...place,
  }),
  'room_session.quoted': body({ ...session, rate: Id, minutes: Count, dancers: Dancers, price: Price }),
  'room_session.cancelled': body({ ...session, reason: Text }),
  'room_session.started': body({ ...session, dancers: Dancers, startedAt: Instant, plannedEnd: Instant }),
  'room_session.extended': body({
    ...session,
    segment: Count,
    rate: Id,
    minutes: Count,
    askedBy: oneOf('guest', 'dancer'),
    price: Price,
    plannedEnd: Instant,
  }),
  'room_session.ended': body({
    ...session,
    dancers: Dancers,
    endedAt: Instant,
    overMs: Count,
    reason: oneOf('time', 'guest', 'dancer', 'manager', 'safety'),
  }),
  'room_session.settled': body({ ...session, method: oneOf('cash', 'card'), tipCents: Cents, postings: Postings }),
  'room.cleaned': body({ room: Id }),
  'drawer.opened': body({ ...drawerMove, responsible: Id, bankCents: Cents }),
  'drawer.dropped': body({ ...drawerMove, cents: Cents }),
  'drawer.counted': body({ ...drawerMove, countedCents: Cents, expectedCents: Cents, overShortCents: Cents }),
  'drawer.closed': body(drawerMove),
  ...cashBodies(Totals),
  'dancer.restricted': body({ restriction: Id, dancer: Id, kind: RestrictionWord, reason: Text, ...fromWhom }),
  'dancer.restriction_lifted': body({ restriction: Id, dancer: Id, reason: Text, ...fromWhom }),
  'dancer.noted': body({ note: Id, dancer: Id, ...fromWhom }),
  'shared_field.edited': body({
    ...fieldName,
    edit: Id,
    baseFv: Count,
    after: orNull(Id),
    value: SharedValue,
    editedAt: Instant,
  }),
  'shared_field.taken': body({ ...fieldName, ...feedPlace, fv: Count, value: SharedValue, edit: orNull(Id) }),
  'shared_field.waits': body({ ...fieldName, ...feedPlace, fv: Count, value: SharedValue }),
  'shared_field.answered': body({
    ...fieldName,
    ...feedPlace,
    edit: Id,
    outcome: oneOf('accepted', 'overridden', 'review', 'refused'),
    refusal: orNull(Text),
  }),
  'feed_item.refused': body({
    ...feedPlace,
    op: Text,
    coll: orNull(Id),
    id: orNull(Id),
    field: orNull(Id),
    refusal: Text,
  }),
  'command.done': body({
    ...feedPlace,
    command: Id,
    cmd: Text,
    outcome: oneOf('done', 'refused', 'expired'),
    refusal: orNull(Text),
  }),
  'message.posted': body({ message: Id, text: Text, by: Text }),
  ...DOOR_BODIES,
  ...SAFETY_BODIES,
  ...ROTATION_BODIES,
  ...ROSTER_BODIES,
  ...tallyBodies(Postings),
  ...shiftBodies(Postings),
  ...TRACK_BODIES,
  ...voucherBodies(Postings),
  ...deskBodies(Postings),
  ...ONBOARDING_BODIES,
  ...roomBodies(Price, Postings),
  'blob.taken': body({ coll: Id, ver: Count, jws: Type.String({ maxLength: JWS_CHARS_MAX }) }),
} as const satisfies Record<EventType, TSchema>;

type Wire<K extends EventType> = Static<(typeof EVENT_BODIES)[K]>;
type Differs = {
  [K in EventType]: Wire<K> extends EventBodies[K] ? (EventBodies[K] extends Writable<Wire<K>> ? never : K) : K;
}[EventType];
type Writable<T> = T extends readonly (infer U)[]
  ? readonly Writable<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Writable<T[K]> }
    : T;

type MustBeNone<T extends never> = T;
/** Names the types where schema and domain say different things; while it names any, this does not compile. */
export type BodiesAgree = MustBeNone<Differs>;
