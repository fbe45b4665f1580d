import type { FeedItem } from '#shared/contract/feed.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { event, type ClubEvent, type SharedValue } from '#shared/domain/event.ts';
import type { FeedPlace, FieldName } from '#shared/domain/feed-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { liftRestriction } from '#shared/domain/restriction.ts';
import { PRICES } from '#shared/domain/shared-field.ts';
import {
  doCommand,
  forgetField,
  refusedItem,
  takeAnswer,
  takeBlob,
  takeField,
  type FieldFacts,
} from '#shared/domain/take-over.ts';
import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { FeedWork } from '../../sync/feed.ts';
import type { Deciding } from '../command.ts';

/** Load, then decide, as with a command of the floor. What is no news is refused `nothing_changed` and writes nothing. */
export function takeOver(edge: Deciding, work: FeedWork, place: FeedPlace, ask: Asking): Decision<ClubEvent, Refusal> {
  const events = eventsOf(edge, work, place, ask);
  return events.length > 0 ? accept(...events) : refuse('nothing_changed');
}

function eventsOf(edge: Deciding, work: FeedWork, place: FeedPlace, ask: Asking): readonly ClubEvent[] {
  if ('forget' in work) return forgetField(work.forget, place);
  if ('unread' in work) {
    const { op, refusal } = work.unread;
    return [refusedItem({ op, coll: null, id: null, field: null }, refusal, place)];
  }
  const { item, whole, genuine } = work;
  const { reads } = edge;
  switch (item.op) {
    case 'set':
      return Object.entries(item.fields).flatMap(([field, set]) => {
        const name = { coll: item.coll, id: item.id, field };
        return takeField(factsOf(edge, name, set.value, whole), { ...name, ...set }, place);
      });
    case 'del': {
      const { coll, id, field, fv } = item;
      const facts = factsOf(edge, { coll, id, field }, null, whole);
      return takeField(facts, { coll, id, field, fv, value: null, edit: null }, place);
    }
    case 'notice': {
      const { local, value } = ownOf(edge, item);
      return takeAnswer({ local, nameTaken: nameTaken(edge, item, value) }, item, place);
    }
    case 'restrict':
      return restricted(edge, item);
    case 'lift':
      return lifted(edge, item, place);
    case 'note':
      return noted(edge, item);
    case 'cmd': {
      const device = item.cmd === 'device.revoke' ? reads.club.device(item.args['device'] ?? '') : undefined;
      const facts = { done: reads.shared.command(item.id) !== undefined, device };
      return doCommand(facts, { ...item, command: item.id }, { ...place, now: ask.now });
    }
    case 'blob':
      return takeBlob({ ver: reads.shared.blob(item.coll)?.ver ?? 0, genuine }, item, place);
  }
}

function factsOf(edge: Deciding, name: FieldName, value: SharedValue, whole: boolean): FieldFacts {
  const { reads } = edge;
  const settings = name.field === PRICES.field ? reads.club.settings() : undefined;
  return {
    local: reads.shared.field(name),
    known: name.coll !== 'dancer' || reads.dancers.dancer(name.id) !== undefined,
    nameTaken: nameTaken(edge, name, value),
    current: settings ? { houseFeeCents: settings.houseFeeCents, roomRates: settings.roomRates } : null,
    whole,
  };
}

function ownOf({ reads }: Deciding, { coll, id, field }: FieldName) {
  const local = reads.shared.field({ coll, id, field });
  return { local, value: local.value };
}

function nameTaken({ reads }: Deciding, { coll, id, field }: FieldName, value: SharedValue): boolean {
  if (coll !== 'dancer' || field !== 'stage_name' || typeof value !== 'string') return false;
  const owner = reads.dancers.named(value)?.dancer;
  return owner !== undefined && owner !== id;
}

/** Also for a dancer whom this box does not know yet: should she turn up, the restriction is there before her. */
function restricted({ reads }: Deciding, item: Extract<FeedItem, { op: 'restrict' }>): readonly ClubEvent[] {
  if (reads.shared.restriction(item.restriction)) return [];
  const { restriction, dancer, kind, reason, by } = item;
  return [event('dancer.restricted', { restriction, dancer, kind, reason, origin: 'hq', by }, [dancer])];
}

function lifted({ reads }: Deciding, item: Extract<FeedItem, { op: 'lift' }>, place: FeedPlace): readonly ClubEvent[] {
  const { restriction, reason, by } = item;
  const fact = reads.shared.restriction(restriction);
  if (fact?.lifted) return [];
  const lift = liftRestriction(fact, { reason, origin: 'hq', by });
  const about = { op: 'lift', coll: 'restriction', id: restriction, field: null };
  return lift.ok ? lift.events : [refusedItem(about, lift.refusal, place)];
}

/** A note of headquarters is sealed as it comes in: the log holds no free text about a person. */
function noted({ reads, seal }: Deciding, item: Extract<FeedItem, { op: 'note' }>): readonly ClubEvent[] {
  const { note, dancer, text, by } = item;
  if (reads.shared.note(note)) return [];
  const made = event('dancer.noted', { note, dancer, origin: 'hq', by }, [dancer]);
  return [{ ...made, pii: { [dancer]: { note: seal.seal(dancer, 'note', text) } } }];
}
