import { afterEach, expect, test } from 'vitest';
import type { ScheduleAnswer } from '#shared/contract/shift-api.ts';
import { arrive, openBar, refusalOf } from '../support/cash.ts';
import { openClub, pass, rowOf, type Club } from '../support/night.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const HOUR = 3_600_000;
const newClub = async (options: Parameters<typeof openClub>[0] = {}): Promise<Club> => (club = await openClub(options));
const scheduleOf = async ({ owner }: Club, date: string) =>
  (await owner.ask<ScheduleAnswer>('GET', `/api/v1/schedule/${date}`)).body;
const feeOf = async ({ owner }: Club, dancer: string) => (await rowOf(owner, 'attendance', dancer))?.fee;

test('a break holds her place, keeps her off stage and out of rooms, and ends when she says so or leaves', async () => {
  const one = await newClub();
  const [jade = '', ruby = ''] = one.dancers;
  await arrive(one, jade);
  await arrive(one, ruby);
  const entry = await one.owner.must('rotation.add', { stage: one.stage, dancer: jade });
  await one.owner.must('attendance.begin_break', { dancer: jade });
  const quote = () =>
    one.owner.give('room_session.quote', { room: one.rooms[0] ?? '', rate: 'vip30', dancers: [jade] });
  expect(refusalOf(await one.owner.give('attendance.begin_break', { dancer: jade }))).toBe('on_break');
  expect(refusalOf(await one.owner.give('stage_set.start', { entry }))).toBe('on_break');
  expect(refusalOf(await quote())).toBe('on_break');
  await one.owner.must('attendance.end_break', { dancer: jade });
  expect(refusalOf(await one.owner.give('attendance.end_break', { dancer: jade }))).toBe('not_on_break');
  await one.owner.must('stage_set.start', { entry });
  expect(refusalOf(await one.owner.give('attendance.begin_break', { dancer: jade }))).toBe('on_stage');
  await one.owner.must('attendance.begin_break', { dancer: ruby });
  await one.owner.must('attendance.check_out', { dancer: ruby });
  await one.owner.must('attendance.check_in', { dancer: ruby });
  expect(refusalOf(await one.owner.give('attendance.end_break', { dancer: ruby }))).toBe('not_on_break');
  expectWhole(one);
});

test('sent home is a check-out with a reason; coming back the same night costs no second fee', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const bar = await openBar(one, one.owner);
  const fee = await one.owner.must('attendance.check_in', { dancer: jade });
  expect(refusalOf(await one.owner.give('attendance.send_home', { dancer: jade, reason: 'ill' }))).toBe(
    'house_fee_open',
  );
  await one.owner.must('house_fee.pay', { fee, drawer: bar });
  await one.owner.must('attendance.send_home', { dancer: jade, reason: 'ill' });
  const line = linesOf(one.edge.sqlite).find((row) => row.line.includes('"attendance.sent_home"'))?.line ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ body: { dancer: jade, reason: 'ill' } });
  await one.owner.must('attendance.check_in', { dancer: jade });
  const attendance = one.edge.reads.attendance.ofNight(jade, one.edge.reads.day.open()?.day);
  expect(attendance).toMatchObject({ state: 'CHECKED_IN', segment: 2 });
  expect(one.edge.reads.attendance.feesOf(attendance?.attendance ?? '')).toHaveLength(1);
  expectWhole(one);
});

test('a shift is worked, missed or cancelled; who came has worked it', async () => {
  const one = await newClub();
  const [jade = '', ruby = '', opal = ''] = one.dancers;
  const down = (dancer: string, date = '2026-11-21') => ({ dancer, date, fromMinutes: 20 * 60 });
  const came = await one.owner.must('shift.schedule', down(jade));
  const missed = await one.owner.must('shift.schedule', down(ruby));
  const off = await one.owner.must('shift.schedule', down(opal));
  expect(refusalOf(await one.owner.give('shift.schedule', down(jade)))).toBe('shift_exists');
  expect(refusalOf(await one.owner.give('shift.schedule', down(jade, '2026-11-20')))).toBe('date_in_past');
  const later = await one.owner.must('shift.schedule', down(jade, '2026-11-27'));
  await one.owner.must('attendance.check_in', { dancer: jade });
  await one.owner.must('shift.miss', { shift: missed });
  await one.owner.must('shift.cancel', { shift: off, reason: 'She is ill' });
  expect(refusalOf(await one.owner.give('shift.miss', { shift: later }))).toBe('date_in_future');
  expect(refusalOf(await one.owner.give('shift.cancel', { shift: came, reason: 'x' }))).toBe('shift_over');
  const { shifts } = await scheduleOf(one, '2026-11-21');
  expect(new Map(shifts.map(({ shift, state }) => [shift, state]))).toEqual(
    new Map([
      [came, 'CAME'],
      [missed, 'NO_SHOW'],
      [off, 'CANCELLED'],
      [later, 'SCHEDULED'],
    ]),
  );
  expect((await scheduleOf(one, '2026-11-28')).shifts).toEqual([]);
  expectWhole(one);
});

test('a swap takes the other dancer’s yes and a manager’s', async () => {
  const one = await newClub();
  const [jade = '', ruby = '', opal = ''] = one.dancers;
  const shift = await one.owner.must('shift.schedule', { dancer: jade, date: '2026-11-25', fromMinutes: 1_200 });
  const mom = await one.tablet('Helen');
  const no = await mom.must('shift.request_swap', { shift, to: opal });
  await mom.must('shift.answer_swap', { swap: no, agrees: false });
  expect(refusalOf(await one.owner.give('shift.approve_swap', { swap: no }))).toBe('swap_not_agreed');
  const swap = await mom.must('shift.request_swap', { shift, to: ruby });
  expect(refusalOf(await one.owner.give('shift.approve_swap', { swap }))).toBe('swap_not_agreed');
  await mom.must('shift.answer_swap', { swap, agrees: true });
  expect(refusalOf(await mom.give('shift.answer_swap', { swap, agrees: false }))).toBe('swap_answered');
  expect(refusalOf(await mom.give('shift.approve_swap', { swap }))).toBe('not_allowed');
  await one.owner.must('shift.approve_swap', { swap });
  const { shifts, swaps } = await scheduleOf(one, '2026-11-25');
  expect(shifts).toMatchObject([{ shift, dancer: ruby, state: 'SCHEDULED' }]);
  expect(swaps.map(({ state }) => state).toSorted()).toEqual(['APPROVED', 'DECLINED']);
  expect(refusalOf(await mom.give('shift.request_swap', { shift, to: ruby }))).toBe('dancer_listed_twice');
  expectWhole(one);
});

test('a shift that somebody took is hers: what else was asked for it before is declined', async () => {
  const one = await newClub();
  const [jade = '', ruby = '', opal = ''] = one.dancers;
  const shift = await one.owner.must('shift.schedule', { dancer: jade, date: '2026-11-25', fromMinutes: 1_200 });
  const toRuby = await one.owner.must('shift.request_swap', { shift, to: ruby });
  const toOpal = await one.owner.must('shift.request_swap', { shift, to: opal });
  const unanswered = await one.owner.must('shift.request_swap', { shift, to: opal });
  for (const swap of [toRuby, toOpal]) await one.owner.must('shift.answer_swap', { swap, agrees: true });
  await one.owner.must('shift.approve_swap', { swap: toRuby });
  expect(refusalOf(await one.owner.give('shift.approve_swap', { swap: toOpal }))).toBe('swap_not_agreed');
  expect(refusalOf(await one.owner.give('shift.answer_swap', { swap: unanswered, agrees: true }))).toBe(
    'swap_answered',
  );
  const { shifts, swaps } = await scheduleOf(one, '2026-11-25');
  expect(shifts).toMatchObject([{ shift, dancer: ruby, state: 'SCHEDULED' }]);
  expect(swaps.map(({ state }) => state).toSorted()).toEqual(['APPROVED', 'DECLINED', 'DECLINED']);
  expectWhole(one);
});

test('nobody who was here that night is a no-show, also if she was put down or took the shift after she came', async () => {
  const one = await newClub();
  const [jade = '', ruby = '', opal = ''] = one.dancers;
  const tonight = (dancer: string) => ({ dancer, date: '2026-11-21', fromMinutes: 1_200 });
  await arrive(one, jade);
  const late = await one.owner.must('shift.schedule', tonight(jade));
  await arrive(one, ruby);
  const shift = await one.owner.must('shift.schedule', tonight(opal));
  const swap = await one.owner.must('shift.request_swap', { shift, to: ruby });
  await one.owner.must('shift.answer_swap', { swap, agrees: true });
  await one.owner.must('shift.approve_swap', { swap });
  await one.owner.must('attendance.check_out', { dancer: jade });
  for (const each of [late, shift])
    expect(refusalOf(await one.owner.give('shift.miss', { shift: each }))).toBe('shift_over');
  expectWhole(one);
});

test('a fee by weekday and arrival, also after midnight and in the hour that comes twice', async () => {
  // Saturday 31 October 2026, nine in the evening.
  const one = await newClub({ wall: Date.parse('2026-10-31T21:00:00-07:00'), openDay: false });
  const windows = [
    { weekday: 6, fromMinutes: 0, toMinutes: 22 * 60, cents: 4_000 },
    { weekday: 6, fromMinutes: 22 * 60, toMinutes: 25 * 60 + 30, cents: 8_000 },
    { weekday: null, fromMinutes: 25 * 60 + 30, toMinutes: 36 * 60, cents: 2_000 },
  ];
  await one.owner.must('fee_schedule.set', { effectiveFrom: '2026-10-31', windows });
  await one.owner.must('day.open', { date: null });
  expect(refusalOf(await one.owner.give('fee_schedule.set', { effectiveFrom: '2026-10-31', windows: [] }))).toBe(
    'date_past',
  );
  const cents: (number | null | undefined)[] = [];
  // 21:00, 23:00, 01:15, 01:15 again an hour later, 01:45 the second time.
  for (const [at, hours] of [0, 2, 2.25, 1, 0.5].entries()) {
    pass(one.clock, hours * HOUR);
    const dancer = one.dancers[at] ?? '';
    await one.owner.must('attendance.check_in', { dancer });
    cents.push((await feeOf(one, dancer))?.cents);
  }
  expect(cents).toEqual([4_000, 8_000, 8_000, 8_000, 2_000]);
});

test('a fee by arrival in the night that is an hour shorter: the clock on the wall decides, also behind the hour that is left out', async () => {
  // Saturday 13 March 2027, nine in the evening; at two the clocks show three.
  const one = await newClub({ wall: Date.parse('2027-03-13T21:00:00-08:00'), openDay: false });
  const windows = [
    { weekday: 6, fromMinutes: 22 * 60, toMinutes: 26 * 60, cents: 8_000 },
    { weekday: 6, fromMinutes: 26 * 60, toMinutes: 27 * 60, cents: 1 },
    { weekday: 6, fromMinutes: 27 * 60, toMinutes: 36 * 60, cents: 2_000 },
  ];
  await one.owner.must('fee_schedule.set', { effectiveFrom: '2027-03-13', windows });
  await one.owner.must('day.open', { date: null });
  const cents: (number | null | undefined)[] = [];
  // 21:00 by the price list, 01:45, and half an hour later 03:15.
  for (const [at, hours] of [0, 4.75, 0.5].entries()) {
    pass(one.clock, hours * HOUR);
    const dancer = one.dancers[at] ?? '';
    await one.owner.must('attendance.check_in', { dancer });
    cents.push((await feeOf(one, dancer))?.cents);
  }
  expect(cents).toEqual([6_000, 8_000, 2_000]);
});

test('where no window fits, the price list’s fee counts', async () => {
  const one = await newClub({ openDay: false });
  const windows = [{ weekday: 0, fromMinutes: 0, toMinutes: 2_160, cents: 1 }];
  await one.owner.must('fee_schedule.set', { effectiveFrom: '2026-11-21', windows });
  await one.owner.must('day.open', { date: null });
  const [jade = ''] = one.dancers;
  await one.owner.must('attendance.check_in', { dancer: jade });
  expect((await feeOf(one, jade))?.cents).toBe(6_000);
  const backwards = [{ weekday: 0, fromMinutes: 10, toMinutes: 10, cents: 1 }];
  const set = await one.owner.give('fee_schedule.set', { effectiveFrom: '2026-12-01', windows: backwards });
  expect(refusalOf(set)).toBe('dates_reversed');
});

test('a pass lets one fee go, once', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  await one.owner.must('fee_pass.give', { dancer: jade, reason: 'Her birthday' });
  await one.owner.must('attendance.check_in', { dancer: jade });
  expect(await feeOf(one, jade)).toMatchObject({ state: 'WAIVED' });
  expect(one.edge.reads.ledger.balanceCents(`dancer:${jade}`)).toBe(0);
  await one.owner.must('attendance.check_out', { dancer: jade });
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.close', {});
  pass(one.clock, 24 * HOUR);
  await one.owner.must('day.open', { date: null });
  await one.owner.must('attendance.check_in', { dancer: jade });
  expect(await feeOf(one, jade)).toMatchObject({ state: 'ASSESSED' });
  expectWhole(one);
});

test('checked in before midnight and out after: both belong to the night that is open', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  pass(one.clock, 5 * HOUR);
  await one.owner.must('attendance.check_out', { dancer: jade });
  const lines = linesOf(one.edge.sqlite).map(({ line }) => JSON.parse(line) as { type: string; day: string | null });
  const days = lines.filter(({ type }) => type.startsWith('attendance.checked')).map(({ day }) => day);
  expect(new Set(days).size).toBe(1);
});
