import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type ClubEvent, type EventOf, type PriceList, type SharedValue } from './event.ts';
import type { EditOutcome, FeedPlace, FieldName } from './feed-words.ts';
import type { Refusal } from './refusal.ts';
import { isPriceList, isSame, mayNotWrite, PRICES, ruleOf, valueFits } from './shared-field.ts';

/** What the box holds of a shared field: headquarters' version in effect, the one that waits for a night, the floor's own edit. */
export type LocalField = {
  readonly fv: number;
  readonly value: SharedValue;
  readonly waiting: Waiting | null;
  /** An edit of the floor that headquarters did not answer yet. It stays on top of whatever comes down meanwhile. */
  readonly edit: string | null;
};
export type Waiting = FeedPlace & { readonly fv: number; readonly value: SharedValue };
export const UNTOUCHED: LocalField = { fv: 0, value: null, waiting: null, edit: null };

export type FieldItem = FieldName & { readonly fv: number; readonly value: SharedValue; readonly edit: string | null };
export type FieldFacts = {
  readonly local: LocalField;
  /** There is such a thing in the club. */
  readonly known: boolean;
  /** Another dancer goes by the name that came. */
  readonly nameTaken: boolean;
  /** What the field says on the floor now; null where nothing is kept of it but headquarters' value. */
  readonly current: SharedValue;
  /** It comes from a snapshot, whose versions hold even where they are lower: the cloud was put back. */
  readonly whole: boolean;
};

/**
 * Takes headquarters' value over, or says in the log why not. A version that is here already has no effect; prices wait
 * for the next night; a name that another dancer has here is a conflict for a person, and the floor keeps the old one.
 */
export function takeField(
  { local, known, nameTaken, current, whole }: FieldFacts,
  item: FieldItem,
  place: FeedPlace,
): readonly ClubEvent[] {
  const { coll, id, field, fv, value, edit } = item;
  const newest = local.waiting ?? local;
  if (whole ? fv === newest.fv && isSame(value, newest.value) : fv <= newest.fv) return [];
  const refused = (refusal: Refusal) => [refusedItem({ op: 'set', coll, id, field }, refusal, place)];
  const why = mayNotWrite(ruleOf(item), { origin: 'hq', value });
  if (why) return refused(why);
  if (!valueFits(item, value)) return refused('body_invalid');
  const name = { coll, id, field };
  const taken = [event('shared_field.taken', { ...name, ...place, fv, value, edit }, subOf(name))];
  if (ruleOf(item) === 'next_night') {
    const floors = edit !== null && (local.edit !== null || isSame(value, current));
    return floors || value === null ? taken : [event('shared_field.waits', { ...name, ...place, fv, value })];
  }
  if (!known) return refused('dancer_unknown');
  const covered = local.edit !== null && local.edit !== edit;
  return nameTaken && !covered ? refused('stage_name_taken') : taken;
}

/** A whole snapshot does not name it any more: headquarters holds no value of it, and the floor's stays. */
export function forgetField(name: FieldName, place: FeedPlace): readonly ClubEvent[] {
  const { coll, id, field } = name;
  return [event('shared_field.taken', { coll, id, field, ...place, fv: 0, value: null, edit: null }, subOf(name))];
}

export type AnswerItem = FieldName & {
  readonly edit: string;
  readonly outcome: EditOutcome;
  readonly refusal: string | null;
};

/** Headquarters' answer to an edit of the floor, which was on top until now: headquarters' value comes up from under it. */
export function takeAnswer(
  { local, nameTaken }: Pick<FieldFacts, 'local' | 'nameTaken'>,
  item: AnswerItem,
  place: FeedPlace,
): readonly ClubEvent[] {
  if (local.edit !== item.edit) return [];
  const { coll, id, field, edit, outcome, refusal } = item;
  const name = { coll, id, field };
  const answered = event('shared_field.answered', { ...name, ...place, edit, outcome, refusal }, subOf(name));
  if (ruleOf(item) !== 'register' || local.fv === 0 || local.value === null) return [answered];
  if (nameTaken) return [answered, refusedItem({ op: 'set', ...name }, 'stage_name_taken', place)];
  const { fv, value } = local;
  return [answered, event('shared_field.taken', { ...name, ...place, fv, value, edit: null }, subOf(name))];
}

/** Headquarters' prices come into effect as the night opens, before its first event. */
export function pricesForTonight(waiting: Waiting | null): readonly ClubEvent[] {
  if (!waiting || !isPriceList(waiting.value)) return [];
  const { fv, value, feed, rev } = waiting;
  return [
    event('shared_field.taken', { ...PRICES, feed, rev, fv, value, edit: null }),
    event('price_list.set', { houseFeeCents: value.houseFeeCents, roomRates: value.roomRates }),
  ];
}

/** The floor sets the prices and lets headquarters know, from what it saw. */
export function editPrices(local: LocalField, value: PriceList, ask: Asking): EventOf<'shared_field.edited'> {
  return edited(PRICES, local, value, ask);
}

export function edited(
  name: FieldName,
  local: LocalField,
  value: SharedValue,
  ask: Asking,
): EventOf<'shared_field.edited'> {
  const wish = { edit: ask.id, baseFv: local.fv, after: local.edit, value, editedAt: ask.now };
  return event('shared_field.edited', { ...name, ...wish }, subOf(name));
}

/** What headquarters may tell a box to do. A closed set: anything else is refused. */
export type HqCommand = {
  readonly command: string;
  readonly cmd: string;
  readonly args: Readonly<Record<string, string>>;
  /** Epoch milliseconds by the box's clock. */
  readonly notAfter: number;
  readonly by: string;
};
export type HqCommandFacts = {
  readonly done: boolean;
  /** The device that a revocation names. */
  readonly device: { readonly revoked: boolean } | undefined;
};

/** Does a command once, whatever comes of it, and says so: headquarters sees the event as proof. */
export function doCommand(
  facts: HqCommandFacts,
  item: HqCommand,
  place: FeedPlace & { readonly now: number },
): readonly ClubEvent[] {
  if (facts.done) return [];
  const { command, cmd, notAfter } = item;
  const { feed, rev, now } = place;
  const done = (outcome: 'done' | 'refused' | 'expired', refusal: Refusal | null) =>
    event('command.done', { command, cmd, feed, rev, outcome, refusal });
  if (now > notAfter) return [done('expired', null)];
  const effect = effectOf(facts, item);
  return effect.ok ? [...effect.events, done('done', null)] : [done('refused', effect.refusal)];
}

function effectOf(
  { device }: HqCommandFacts,
  { command, cmd, args, by }: HqCommand,
): Decision<EventOf<'device.revoked' | 'message.posted'>, Refusal> {
  switch (cmd) {
    case 'device.revoke':
      if (!device) return refuse('device_not_found');
      // A revocation wins over a grant, and one that stands already is what was wished for.
      return device.revoked ? accept() : accept(event('device.revoked', { device: args['device'] ?? '' }));
    case 'message.post':
      return accept(event('message.posted', { message: command, text: args['text'] ?? '', by }));
    default:
      return refuse('command_unknown');
  }
}

/** A signed blob. The last good one is kept: an older, a foreign or a forged one changes nothing. */
export function takeBlob(
  facts: { readonly ver: number; readonly genuine: boolean },
  { coll, ver, jws }: { readonly coll: string; readonly ver: number; readonly jws: string },
  place: FeedPlace,
): readonly ClubEvent[] {
  if (facts.genuine && ver > facts.ver) return [event('blob.taken', { coll, ver, jws })];
  if (facts.genuine && ver === facts.ver) return [];
  const refusal = facts.genuine ? 'version_old' : 'signature_wrong';
  return [refusedItem({ op: 'blob', coll, id: null, field: null }, refusal, place)];
}

export function refusedItem(
  about: {
    readonly op: string;
    readonly coll: string | null;
    readonly id: string | null;
    readonly field: string | null;
  },
  refusal: Refusal,
  { feed, rev }: FeedPlace,
): EventOf<'feed_item.refused'> {
  return event('feed_item.refused', { feed, rev, ...about, refusal });
}

function subOf({ coll, id }: FieldName): readonly string[] {
  return coll === 'dancer' ? [id] : [];
}
