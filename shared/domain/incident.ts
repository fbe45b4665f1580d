import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventBodies, type EventOf } from './event.ts';
import type { RecordFact } from './record.ts';
import type { Refusal } from './refusal.ts';

export type ReportIncident = Omit<EventBodies['incident.reported'], 'incident'>;

export type IncidentFacts = {
  readonly nightKnown: boolean;
  readonly roomKnown: boolean;
  readonly sessionKnown: boolean;
  readonly dancersKnown: boolean;
};

/** Writes an incident down, by anybody who works here, in an open night or after it: `night` says which one it belongs to. */
export function reportIncident(
  known: IncidentFacts,
  command: ReportIncident,
  ask: Asking,
): Decision<EventOf<'incident.reported'>, Refusal> {
  if (command.night !== null && !known.nightKnown) return refuse('night_unknown');
  if (!known.dancersKnown) return refuse('dancer_unknown');
  if (command.room !== null && !known.roomKnown) return refuse('room_unknown');
  if (command.session !== null && !known.sessionKnown) return refuse('session_unknown');
  if (command.happenedAt > ask.now) return refuse('date_in_future');
  return accept(event('incident.reported', { incident: ask.id, ...command }, command.dancers));
}

/** OPEN → UNDER_REVIEW. */
export function reviewIncident(fact: RecordFact | undefined): Decision<EventOf<'incident.review_begun'>, Refusal> {
  if (fact?.kind !== 'incident') return refuse('record_unknown');
  if (fact.state !== 'OPEN') return refuse(fact.state === 'CLOSED' ? 'incident_closed' : 'nothing_changed');
  return accept(event('incident.review_begun', { incident: fact.record }));
}

/** OPEN | UNDER_REVIEW → CLOSED, with an outcome that the box seals. Its retention clock runs from here. */
export function closeIncident(fact: RecordFact | undefined): Decision<EventOf<'incident.closed'>, Refusal> {
  if (fact?.kind !== 'incident') return refuse('record_unknown');
  if (fact.state === 'CLOSED') return refuse('incident_closed');
  return accept(event('incident.closed', { incident: fact.record }));
}
