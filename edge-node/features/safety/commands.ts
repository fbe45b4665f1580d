import type { Asking } from '#shared/domain/asking.ts';
import { addToBlocklist, liftBan, reviewBan } from '#shared/domain/blocklist.ts';
import { clubDates, type ClubDates } from '#shared/domain/business-day.ts';
import { judgeComplaint, logComplaint } from '#shared/domain/complaint.ts';
import { closeIncident, reportIncident, reviewIncident } from '#shared/domain/incident.ts';
import { recordTraining, recordVisit, testPanicButton } from '#shared/domain/inspection.ts';
import { noteRecord } from '#shared/domain/record.ts';
import { runRetention, surelyNow } from '#shared/domain/retention.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { withTexts } from '../sealed.ts';

type Incidents = 'incident.report' | 'incident.review' | 'incident.close' | 'record.note' | 'retention.run';
type Complaints = 'complaint.log' | 'complaint.judge';
type Blocklist = 'blocklist_entry.add' | 'blocklist_entry.review' | 'blocklist_entry.lift';
type Inspections = 'site_visit.record' | 'training.record' | 'safety_test.record';

const incidentCommands: Deciders<Incidents> = {
  'incident.report': (edge, { text, people, ...input }, ask) => {
    const { reads } = edge;
    const known = {
      nightKnown: isNight(reads, input.night),
      roomKnown: input.room !== null && reads.rooms.room(input.room) !== undefined,
      sessionKnown: input.session !== null && reads.rooms.session(input.session) !== undefined,
      dancersKnown: input.dancers.every((dancer) => reads.dancers.dancer(dancer) !== undefined),
    };
    return withTexts(reportIncident(known, input, ask), edge, ask.id, { text, people });
  },
  'incident.review': ({ reads }, { record }) => reviewIncident(reads.safety.record(record)),
  'incident.close': (edge, { record, outcome }) =>
    withTexts(closeIncident(edge.reads.safety.record(record)), edge, record, { outcome }),
  'record.note': (edge, { record, text }, ask) =>
    withTexts(noteRecord(edge.reads.safety.record(record), { record }, ask), edge, record, {
      [`note_${ask.id}`]: text,
    }),
  'retention.run': ({ reads }, _input, ask) => {
    const openings = reads.day.nights().map(({ openedAt }) => openedAt);
    const now = surelyNow(ask.now, openings);
    const { pack } = reads.policy.on(reads.policy.datesAt(now).today);
    return runRetention(reads.safety.clocks(now, pack), pack, now);
  },
};

const complaintCommands: Deciders<Complaints> = {
  'complaint.log': (edge, { customer, text, ...input }, ask) => {
    const { reads } = edge;
    const dates = datesOf(reads, ask);
    if (!dates) return refuse('club_not_configured');
    const facts = {
      nightKnown: isNight(reads, input.night),
      dancerKnown: input.dancer !== null && reads.dancers.dancer(input.dancer) !== undefined,
      same: input.sameCustomerAs === null ? undefined : reads.safety.record(input.sameCustomerAs),
      dates,
    };
    return withTexts(logComplaint(facts, input, ask), edge, ask.id, { customer, text });
  },
  'complaint.judge': (edge, { record, explanation, ...input }, ask) =>
    withTexts(judgeComplaint(edge.reads.safety.record(record), input), edge, record, {
      [`explanation_${ask.id}`]: explanation,
    }),
};

const blocklistCommands: Deciders<Blocklist> = {
  'blocklist_entry.add': (edge, { name, description, ...input }, ask) => {
    const dates = datesOf(edge.reads, ask);
    if (!dates) return refuse('club_not_configured');
    const { pack } = edge.reads.policy.on(dates.night);
    const complaintKnown = input.complaint !== null && edge.reads.safety.record(input.complaint)?.kind === 'complaint';
    return withTexts(addToBlocklist({ complaintKnown, dates, pack }, input, ask), edge, ask.id, { name, description });
  },
  'blocklist_entry.review': (edge, { record, reason, ...input }, ask) => {
    const dates = datesOf(edge.reads, ask);
    if (!dates) return refuse('club_not_configured');
    return withTexts(reviewBan(edge.reads.safety.blocklistEntry(record), input, dates), edge, record, {
      [`review_${ask.id}`]: reason,
    });
  },
  'blocklist_entry.lift': (edge, { record, reason }, ask) => {
    const dates = datesOf(edge.reads, ask);
    if (!dates) return refuse('club_not_configured');
    return withTexts(liftBan(edge.reads.safety.blocklistEntry(record), dates, ask), edge, record, {
      lifted: reason,
    });
  },
};

const inspectionCommands: Deciders<Inspections> = {
  'site_visit.record': (edge, { officer, badge, remarks, signature, ...input }, ask) =>
    withTexts(
      recordVisit(isNight(edge.reads, input.night), { ...input, isSigned: signature !== null }, ask),
      edge,
      ask.id,
      { officer, badge, remarks, signature },
    ),
  'training.record': (edge, { evidence, ...input }, ask) => {
    const { reads } = edge;
    const dates = datesOf(reads, ask);
    if (!dates) return refuse('club_not_configured');
    const personKnown =
      reads.dancers.dancer(input.person) !== undefined || reads.club.staff(input.person) !== undefined;
    return withTexts(recordTraining({ personKnown, dates }, input, ask), edge, ask.id, { evidence });
  },
  'safety_test.record': (edge, { remarks, ...input }, ask) => {
    const roomKnown = input.room !== null && edge.reads.rooms.room(input.room) !== undefined;
    return withTexts(testPanicButton(input, roomKnown, ask), edge, ask.id, { remarks });
  },
};

export const safetyCommands: Deciders<Incidents | Complaints | Blocklist | Inspections> = {
  ...incidentCommands,
  ...complaintCommands,
  ...blocklistCommands,
  ...inspectionCommands,
};

function isNight(reads: Reads, night: string | null): boolean {
  return night !== null && reads.day.nights().some(({ day }) => day === night);
}

function datesOf(reads: Reads, ask: Asking): ClubDates | null {
  const club = reads.club.settings();
  return club ? clubDates(club, ask) : null;
}
