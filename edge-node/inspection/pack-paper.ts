import { paper, type Section } from '../print/paper.ts';
import type { PackFacts, PackPerson } from './gather.ts';

export type PackHead = {
  readonly club: string;
  readonly date: string;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly tz: string;
  readonly head: string;
};

/** The pack on paper: who is here and what she may show, who came and left when, whom somebody let in all the same, by which rules. */
export function packPaper(facts: PackFacts, head: PackHead): Buffer {
  const time = new Intl.DateTimeFormat('en-US', { timeZone: head.tz, timeStyle: 'short' });
  const moment = new Intl.DateTimeFormat('en-US', { timeZone: head.tz, dateStyle: 'medium', timeStyle: 'long' });
  const here = facts.people.filter(({ isHere }) => isHere);
  const { pack } = facts.policy;
  const sections: readonly Section[] = [
    {
      heading: `On the premises: ${here.length}`,
      table: {
        columns: ['Stage name', 'Legal name', 'Born', 'Identity', 'Credentials', 'Training', 'Today'],
        rows: here.map(personRow),
      },
    },
    {
      heading: 'Daily log',
      table: {
        columns: ['Stage name', 'In or out', 'Time'],
        rows: facts.dailyLog.map(({ stageName, what, at }) => [stageName, what, time.format(at)]),
      },
    },
    {
      heading: `Let in past a block: ${facts.overrides.length}`,
      table: {
        columns: ['Dancer', 'Time', 'Reason', 'By', 'Second person'],
        rows: facts.overrides.map(({ dancer, at, body }) => [
          facts.people.find((one) => one.dancer === dancer)?.stageName ?? dancer,
          time.format(at),
          body.reason,
          body.by,
          body.second ?? '',
        ]),
      },
    },
    {
      heading: `Rules: ${pack.pack}, version ${pack.version}`,
      lines: pack.rules.map(
        ({ id, summary, source, checkedOn }) => `${id}: ${summary} (${source}; checked on ${checkedOn})`,
      ),
    },
  ];
  const stamp = [
    `${head.club}, night of ${head.date}`,
    `Made ${moment.format(head.madeAt)} by ${head.madeBy}`,
    `Chain: ${head.head}`,
    'Whether this pack is whole is said by: clubops verify --pack FILE',
  ];
  return paper('Inspection pack', stamp, sections);
}

function personRow(person: PackPerson): readonly string[] {
  const { stageName, legalName, birthDate, identityChecks, credentials, trainings, eligibility } = person;
  const until = (date: string | null) => (date === null ? '' : ` until ${date}`);
  return [
    stageName,
    legalName ?? 'erased',
    birthDate ?? 'erased',
    identityChecks.map(({ document, expiresOn }) => `${document}${until(expiresOn)}`).join('; ') || 'none',
    credentials.map(({ kind, state, expiresOn }) => `${kind} ${state}${until(expiresOn)}`).join('; ') || 'none',
    trainings.map(({ course, expiresOn }) => `${course}${until(expiresOn)}`).join('; ') || 'none',
    [eligibility.verdict, ...eligibility.reasons.map(({ code }) => code)].join(' '),
  ];
}
