import { alertsOf, type Alert } from '#shared/domain/alert.ts';
import { eligibility, type NightDates } from '#shared/domain/eligibility.ts';
import type { Eligibility } from '#shared/domain/policy-words.ts';
import { standing } from '#shared/domain/restriction.ts';
import type { Seal } from '../seal/seal.ts';
import type { Reads } from './reads.ts';

/** Whether she may work: her stored facts, asked of the rule. Nobody that is known has no birth date, so may not. */
export function eligibilityOf(
  { reads, seal }: { readonly reads: Reads; readonly seal: Seal },
  dancer: string,
  dates: NightDates,
): Eligibility {
  const row = reads.dancers.dancer(dancer);
  const facts = {
    engagement: reads.roster.engagementOn(dancer, dates.business) ?? 'lease',
    birthDate: row ? seal.open(dancer, 'birth_date', row.birthDate) : null,
    credentials: reads.dancers.credentials(dancer),
    identityChecks: reads.dancers.identityChecks(dancer),
    restrictions: standing(reads.shared.restrictionsOf(dancer), dates.business),
  } as const;
  return eligibility(facts, reads.policy.on(dates.business), dates);
}

export type DancerAlert = Alert & { readonly dancer: string; readonly stageName: string; readonly isHere: boolean };

/** What somebody should see to in the papers of everyone on the roster; those who are here tonight first. */
export function alertList(reads: Reads, now: number): readonly DancerAlert[] {
  const dates = reads.policy.datesAt(now);
  const { pack } = reads.policy.on(dates.business);
  const day = reads.day.open()?.day;
  const all = reads.dancers.roster().flatMap(({ dancer, stageName, engagement: registered }) => {
    const engagement = reads.roster.engagementOn(dancer, dates.business) ?? registered;
    const credentials = reads.dancers.credentials(dancer);
    const alerts = alertsOf(
      { engagement, credentials, identityChecks: reads.dancers.identityChecks(dancer) },
      pack,
      dates,
    );
    const isHere = alerts.length > 0 && reads.attendance.ofNight(dancer, day)?.state === 'CHECKED_IN';
    return alerts.map((alert) => ({ dancer, stageName, isHere, ...alert }));
  });
  return [...all.filter(({ isHere }) => isHere), ...all.filter(({ isHere }) => !isHere)];
}
