import { readLine } from '#shared/contract/event-line.ts';
import type { Eligibility } from '#shared/domain/policy-words.ts';
import type { Deciding } from '../features/command.ts';
import type { Reads } from '../state/reads.ts';
import { eligibilityOf } from '../state/eligibility.ts';

/** One dancer of the night as an inspector sees her. Dates are `YYYY-MM-DD`, instants epoch milliseconds. */
export type PackPerson = {
  readonly dancer: string;
  readonly stageName: string;
  /** Null where the key to it was destroyed. */
  readonly legalName: string | null;
  readonly birthDate: string | null;
  readonly engagement: string;
  readonly isHere: boolean;
  readonly identityChecks: readonly {
    readonly document: string;
    readonly expiresOn: string | null;
    readonly checkedBy: string;
    readonly checkedAt: number;
  }[];
  readonly credentials: readonly {
    readonly kind: string;
    readonly issuer: string;
    readonly number: string | null;
    readonly expiresOn: string | null;
    readonly state: string;
  }[];
  readonly trainings: readonly { readonly course: string; readonly expiresOn: string | null }[];
  /** Whether she may work at the moment of the pack, by the club's policy pack, with each reason. */
  readonly eligibility: Eligibility;
};
/** When each dancer came and left. */
export type DailyLogEntry = {
  readonly dancer: string;
  readonly stageName: string;
  readonly what: 'in' | 'out';
  readonly at: number;
};
export type PackFacts = {
  readonly people: readonly PackPerson[];
  readonly dailyLog: readonly DailyLogEntry[];
  readonly overrides: ReturnType<Reads['policy']['overrides']>;
  readonly policy: ReturnType<Reads['policy']['on']>;
  readonly lines: ReturnType<Reads['reports']['linesOf']>;
};

/** All of a night that an inspector asks for, out of the tables and the log as they are now: one moment, no writing between. */
export function gatherPack(
  deciding: Deciding,
  { day, date }: { readonly day: string; readonly date: string },
  now: number,
): PackFacts {
  const { reads } = deciding;
  const lines = reads.reports.linesOf(day);
  const people = reads.attendance
    .allOfNight(day)
    .map(({ dancer, state }) => personOf(deciding, { dancer, isHere: state === 'CHECKED_IN', now }))
    .toSorted((a, b) => (a.stageName < b.stageName ? -1 : 1));
  const names = new Map(people.map(({ dancer, stageName }) => [dancer, stageName]));
  return {
    people,
    dailyLog: dailyLogOf(lines, names),
    overrides: reads.policy.overrides().filter((one) => one.day === day),
    policy: reads.policy.on(date),
    lines,
  };
}

function personOf(
  deciding: Deciding,
  { dancer, isHere, now }: { readonly dancer: string; readonly isHere: boolean; readonly now: number },
): PackPerson {
  const { reads, seal } = deciding;
  const row = reads.dancers.dancer(dancer);
  const opened = (field: string, sealed: string | null | undefined) =>
    sealed === null || sealed === undefined ? null : seal.open(dancer, field, sealed);
  return {
    dancer,
    stageName: row?.stageName ?? dancer,
    legalName: opened('legal_name', row?.legalName),
    birthDate: opened('birth_date', row?.birthDate),
    engagement: row?.engagement ?? '',
    isHere,
    identityChecks: reads.dancers.identityChecks(dancer).map(({ document, expiresOn, checkedBy, checkedAt }) => ({
      document,
      expiresOn,
      checkedBy: reads.club.staff(checkedBy)?.name ?? checkedBy,
      checkedAt,
    })),
    credentials: reads.dancers
      .credentials(dancer)
      .filter(({ state }) => state !== 'SUPERSEDED')
      .map(({ kind, issuer, number, expiresOn, state }) => ({
        kind,
        issuer,
        number: opened('credential_number', number),
        expiresOn,
        state,
      })),
    trainings: reads.safety
      .ofPerson(dancer, reads.policy.on(reads.policy.datesAt(now).business).pack)
      .filter(({ kind }) => kind === 'training')
      .map((row2) => ({ course: String(Reflect.get(row2, 'course')), expiresOn: row2.expiresOn })),
    eligibility: eligibilityOf(deciding, dancer, reads.policy.datesAt(now)),
  };
}

function dailyLogOf(lines: PackFacts['lines'], names: ReadonlyMap<string, string>): readonly DailyLogEntry[] {
  return lines.flatMap(({ line }) => {
    // A quick look spares reading most lines; a person's words may look the same, so the type decides.
    if (!line.includes('"attendance.checked_')) return [];
    const { type, at, body } = readLine(line).event;
    if (type !== 'attendance.checked_in' && type !== 'attendance.checked_out') return [];
    const { dancer } = body as { readonly dancer: string };
    const what = type === 'attendance.checked_in' ? 'in' : 'out';
    return [{ dancer, stageName: names.get(dancer) ?? dancer, what, at: at.wall }];
  });
}
