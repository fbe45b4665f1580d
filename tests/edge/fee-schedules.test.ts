import { afterEach, expect, test } from 'vitest';
import type { Problem } from '#shared/contract/api.ts';
import { openClub, type Club } from '../support/night.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});

test('under us-wa a schedule that is dearer later is refused with the rule of its first date, before it is taken', async () => {
  const { owner } = (club = await openClub({ openDay: false }));
  const windows = [
    { weekday: null, fromMinutes: 0, toMinutes: 1_320, cents: 4_000 },
    { weekday: null, fromMinutes: 1_320, toMinutes: 2_160, cents: 8_000 },
  ];
  const law = { pack: 'us-wa', effectiveFrom: '2026-12-01', servesAlcohol: false, minimumAgeYears: null };
  await owner.must('club_policy.set', law);
  await owner.must('fee_schedule.set', { effectiveFrom: '2026-11-30', windows });
  const refused = await owner.give('fee_schedule.set', { effectiveFrom: '2026-12-01', windows });
  expect(refused).toMatchObject({
    ok: false,
    problem: {
      code: 'fee_forbidden',
      detail: 'us-wa.no_late_fee (RCW 49.46.360; WAC 296-128-90020 and -90040)',
    } satisfies Partial<Problem>,
  });
  await owner.must('fee_schedule.set', { effectiveFrom: '2026-12-01', windows: windows.slice(1).map(fromTheStart) });
});

const fromTheStart = <T extends { readonly fromMinutes: number }>(window: T) => ({ ...window, fromMinutes: 0 });
