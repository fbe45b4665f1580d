import { expect, test } from 'vitest';
import { clubDates } from '#shared/domain/business-day.ts';
import { judgeComplaint, logComplaint, type ComplaintFacts, type LogComplaint } from '#shared/domain/complaint.ts';
import { closeIncident, reportIncident, reviewIncident, type ReportIncident } from '#shared/domain/incident.ts';
import {
  nextTestAt,
  recordTraining,
  recordVisit,
  testPanicButton,
  trainingStanding,
} from '#shared/domain/inspection.ts';
import { noteRecord, openRecord, type RecordFact } from '#shared/domain/record.ts';
import type { RecordKind } from '#shared/domain/safety-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf, NIGHT, NOW } from '../support/rules.ts';

const record = (over: Partial<RecordFact> = {}): RecordFact => ({
  record: 'r',
  kind: 'incident',
  state: 'OPEN',
  erasedAt: null,
  ...over,
});
const DATES = { night: '2026-11-21', calendar: '2026-11-21' };

const fight: ReportIncident = {
  night: 'night',
  kind: 'assault',
  severity: 'high',
  happenedAt: NOW,
  room: 'vip1',
  session: 's1',
  dancers: ['jade'],
  policeCalled: true,
};
const KNOWN = { nightKnown: true, roomKnown: true, sessionKnown: true, dancersKnown: true };

test('an incident names the dancers that it is about, so that what concerns one person is found', () => {
  expect(eventOf(reportIncident(KNOWN, fight, asking()))).toMatchObject({
    sub: ['jade'],
    body: { incident: 'born', severity: 'high', policeCalled: true },
  });
});

test('an incident after the night was closed belongs to that night', () => {
  expect(eventOf(reportIncident(KNOWN, fight, asking({ day: null }))).body.night).toBe('night');
});

test.each([
  ['nightKnown', 'night_unknown'],
  ['dancersKnown', 'dancer_unknown'],
  ['roomKnown', 'room_unknown'],
  ['sessionKnown', 'session_unknown'],
] as const)('an incident with what is not there (%s) is refused', (name, refusal) => {
  expect(reportIncident({ ...KNOWN, [name]: false }, fight, asking())).toEqual(refuse(refusal));
});

test('nothing has happened yet that lies in the future', () => {
  expect(reportIncident(KNOWN, { ...fight, happenedAt: NOW + 1 }, asking())).toEqual(refuse('date_in_future'));
});

test('an incident is open, under review, closed, and never goes back', () => {
  expect(eventOf(reviewIncident(record())).type).toBe('incident.review_begun');
  expect(reviewIncident(record({ state: 'UNDER_REVIEW' }))).toEqual(refuse('nothing_changed'));
  expect(eventOf(closeIncident(record())).type).toBe('incident.closed');
  expect(eventOf(closeIncident(record({ state: 'UNDER_REVIEW' }))).type).toBe('incident.closed');
  expect(closeIncident(record({ state: 'CLOSED' }))).toEqual(refuse('incident_closed'));
  expect(reviewIncident(record({ state: 'CLOSED' }))).toEqual(refuse('incident_closed'));
  expect(closeIncident(record({ kind: 'complaint', state: 'FILED' }))).toEqual(refuse('record_unknown'));
});

test('a closed record is followed up and never edited; one whose time is up is not', () => {
  const note = { record: 'r' };
  expect(eventOf(noteRecord(record({ state: 'CLOSED' }), note, asking())).body).toEqual({ note: 'born', record: 'r' });
  expect(noteRecord(record({ erasedAt: NOW }), note, asking())).toEqual(refuse('record_erased'));
  expect(noteRecord(undefined, note, asking())).toEqual(refuse('record_unknown'));
});

test('sealed texts are the bosses\u2019, but the door opens whom it may not let in', () => {
  expect(openRecord(record(), ['door'])).toEqual(refuse('not_allowed'));
  expect(openRecord(record({ kind: 'blocklist_entry' }), ['door']).ok).toBe(true);
  expect(openRecord(record({ kind: 'blocklist_entry' }), ['dj', 'bartender'])).toEqual(refuse('not_allowed'));
  expect(eventOf(openRecord(record(), ['manager'])).body).toEqual({ record: 'r', kind: 'incident' });
  expect(openRecord(record({ erasedAt: NOW }), ['owner'])).toEqual(refuse('record_erased'));
});

const allegation: LogComplaint = {
  night: null,
  allegation: 'harassment',
  happenedOn: '2026-11-20',
  dancer: null,
  statement: 'none',
  sameCustomerAs: null,
};
const complaintFacts = (over: Partial<ComplaintFacts> = {}): ComplaintFacts => ({
  nightKnown: false,
  dancerKnown: false,
  same: undefined,
  dates: DATES,
  ...over,
});

test('an allegation is logged without a statement and without her name', () => {
  expect(eventOf(logComplaint(complaintFacts(), allegation, asking()))).toMatchObject({
    sub: [],
    body: { complaint: 'born', root: 'born', dancer: null, statement: 'none' },
  });
});

test('a further allegation against the same customer belongs to the first', () => {
  const again = { ...allegation, sameCustomerAs: 'second' };
  const same = { kind: 'complaint' as const, root: 'first' };
  expect(eventOf(logComplaint(complaintFacts({ same }), again, asking())).body.root).toBe('first');
  const other = complaintFacts({ same: { kind: 'incident' satisfies RecordKind, root: null } });
  expect(logComplaint(other, again, asking())).toEqual(refuse('record_unknown'));
});

test('an allegation of what happened after midnight has the date on the wall, and none of tomorrow', () => {
  const now = Date.parse('2026-11-22T01:30:00-05:00');
  const dates = clubDates({ tz: 'America/New_York', cutoffMinutes: 360 }, { now, day: NIGHT });
  expect(dates).toEqual({ night: '2026-11-21', calendar: '2026-11-22' });
  const on = (happenedOn: string) => logComplaint(complaintFacts({ dates }), { ...allegation, happenedOn }, asking());
  expect(on('2026-11-22').ok).toBe(true);
  expect(on('2026-11-23')).toEqual(refuse('date_in_future'));
  expect(on('2026-02-30')).toEqual(refuse('body_invalid'));
});

test('a complaint is judged, and may be judged again', () => {
  const fact = record({ kind: 'complaint', state: 'FILED' });
  expect(eventOf(judgeComplaint(fact, { isCredible: false })).body).toEqual({ complaint: 'r', isCredible: false });
  expect(judgeComplaint(record(), { isCredible: true })).toEqual(refuse('record_unknown'));
  expect(judgeComplaint({ ...fact, erasedAt: NOW }, { isCredible: true })).toEqual(refuse('record_erased'));
});

test('a visit of inspectors is written down with what was shown', () => {
  const visit = {
    night: null,
    agency: 'The city',
    purpose: 'routine',
    arrivedAt: NOW,
    shown: ['the daily log'],
    copyHash: null,
    isSigned: true,
  } as const;
  expect(eventOf(recordVisit(false, visit, asking())).body).toMatchObject({ visit: 'born', shown: ['the daily log'] });
  expect(recordVisit(false, { ...visit, night: 'x' }, asking())).toEqual(refuse('night_unknown'));
  expect(recordVisit(true, { ...visit, arrivedAt: NOW + 1 }, asking())).toEqual(refuse('date_in_future'));
});

test('a training has a person and dates in their order', () => {
  const course = { person: 'jade', course: 'pre_work', completedOn: '2026-11-20', expiresOn: '2027-11-20' } as const;
  const facts = { personKnown: true, dates: DATES };
  expect(eventOf(recordTraining(facts, course, asking())).sub).toEqual(['jade']);
  expect(recordTraining({ ...facts, personKnown: false }, course, asking())).toEqual(refuse('person_unknown'));
  expect(recordTraining(facts, { ...course, completedOn: '2026-11-22' }, asking())).toEqual(refuse('date_in_future'));
  expect(recordTraining(facts, { ...course, expiresOn: '2026-11-19' }, asking())).toEqual(refuse('dates_reversed'));
});

test.each([
  [null, 'valid'],
  ['2026-12-06', 'valid'],
  ['2026-12-05', 'expires_soon'],
  ['2026-11-21', 'expires_soon'],
  ['2026-11-20', 'expired'],
] as const)('on 21 November a training that ends on %s is %s', (expiresOn, standing) => {
  expect(trainingStanding(expiresOn, '2026-11-21')).toBe(standing);
});

test('a panic button passes when it is silent, names the place and stays on', () => {
  const good = { room: 'vip1', place: null, isSilent: true, isLocated: true, isLatched: true };
  const passed = (over: Partial<typeof good>) =>
    eventOf(testPanicButton({ ...good, ...over }, true, asking())).body.hasPassed;
  expect([{}, { isSilent: false }, { isLocated: false }, { isLatched: false }].map(passed)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(testPanicButton(good, false, asking())).toEqual(refuse('room_unknown'));
  expect(testPanicButton({ ...good, room: null }, true, asking())).toEqual(refuse('place_missing'));
  expect(testPanicButton({ ...good, place: 'toilet' }, true, asking())).toEqual(refuse('place_missing'));
});

test('a button is tested again within a year, and one that failed at once', () => {
  expect(nextTestAt({ at: NOW, hasPassed: true })).toBe(NOW + 365 * 86_400_000);
  expect(nextTestAt({ at: NOW, hasPassed: false })).toBe(NOW);
});
