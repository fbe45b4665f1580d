import type { Actor } from '#shared/contract/event-line.ts';
import type { RosterExport } from '#shared/contract/roster-api.ts';
import { event } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Deciding } from './features/command.ts';
import type { NewId } from './ids.ts';
import type { CommandQueue } from './log/command-queue.ts';

type Person = { readonly legalName: string; readonly birthDate: string };
type Paper = {
  readonly kind: string;
  readonly issuer: string;
  readonly expiresOn: string | null;
  readonly number?: string;
};

/** What needs the sealed names of dancers in clear. Who may ask is for whoever calls. */
export type People = {
  /** Whether a dancer of the roster is this person. Tells nothing else of her. */
  readonly isSame: (dancer: string, person: Person) => boolean;
  /** Whether such a paper of hers is here; one that is given with a number, with that number. */
  readonly hasPaper: (dancer: string, paper: Paper) => boolean;
  /** The whole roster, after it was written down who took it. `now` in epoch milliseconds. */
  readonly takeRoster: (by: { readonly actor: Actor; readonly now: number }) => Promise<RosterExport | Refusal>;
};

export function openPeople(deciding: Deciding, queue: CommandQueue, newId: NewId): People {
  const { reads, seal } = deciding;
  return {
    isSame: (dancer, { legalName, birthDate }) => {
      const row = reads.dancers.dancer(dancer);
      return (
        row !== undefined &&
        seal.open(dancer, 'legal_name', row.legalName) === legalName &&
        seal.open(dancer, 'birth_date', row.birthDate) === birthDate
      );
    },
    hasPaper: (dancer, { kind, issuer, expiresOn, number }) =>
      reads.dancers.credentials(dancer).some((one) => {
        if (one.kind !== kind || one.issuer !== issuer || one.expiresOn !== expiresOn) return false;
        const kept = one.number === null ? null : seal.open(dancer, 'credential_number', one.number);
        return number === undefined || kept === number;
      }),
    takeRoster: async ({ actor, now }) => {
      const answer = await queue.submit({
        key: newId(),
        content: '',
        actor,
        decide: ({ by }) => accept(event('roster.exported', { dancers: reads.dancers.roster().length, by })),
      });
      return answer.ok ? wholeRoster(deciding, reads.policy.datesAt(now).business) : answer.refusal;
    },
  };
}

function wholeRoster({ reads, seal }: Deciding, date: string): RosterExport {
  return reads.dancers.roster().map(({ dancer, stageName, engagement }) => {
    const row = reads.dancers.dancer(dancer);
    return {
      dancer,
      stageName,
      further: reads.roster.furtherOf(dancer),
      legalName: row ? seal.open(dancer, 'legal_name', row.legalName) : null,
      birthDate: row ? seal.open(dancer, 'birth_date', row.birthDate) : null,
      engagement: reads.roster.engagementOn(dancer, date) ?? engagement,
      credentials: reads.dancers.credentials(dancer).map(({ kind, issuer, number, issuedOn, expiresOn, state }) => ({
        kind,
        issuer,
        number: number === null ? null : seal.open(dancer, 'credential_number', number),
        issuedOn,
        expiresOn,
        state,
      })),
    };
  });
}
