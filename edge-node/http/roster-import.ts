import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import { COMMAND_ROUTES, type CommandBody } from '#shared/contract/api.ts';
import type { Actor } from '#shared/contract/event-line.ts';
import type { ImportAnswer, ImportRow } from '#shared/contract/roster-api.ts';
import type { Engagement } from '#shared/domain/event.ts';
import { isDate } from '#shared/domain/calendar.ts';
import {
  cellsOf,
  importedDate,
  suggestMapping,
  type ImportMapping,
  type RowFault,
} from '#shared/domain/roster-import.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import { parseCsv } from './csv.ts';

type Register = CommandBody<'dancer.register'>;
type Credential = CommandBody<'credential.add'>;
type Read = { readonly register: Register; readonly credential: Credential | null };
type Asked = {
  readonly csv: string;
  readonly columns: ImportMapping | null;
  readonly engagement: Engagement;
};

/**
 * Takes over somebody else's list row by row: each row that passes is an ordinary registration, and an ordinary credential.
 * A second import of the same file finds everybody there and does nothing. With `actor` null nothing is done: the answer is
 * what would be. Null where the file is no table with a row in it, or has too many.
 */
export async function importRoster(edge: Edge, asked: Asked, actor: Actor | null): Promise<ImportAnswer | null> {
  const [header, ...lines] = parseCsv(asked.csv) ?? [];
  if (!header || lines.length === 0 || lines.length > limits.rosterRowsMax) return null;
  const columns = asked.columns ?? suggestMapping(header);
  const before = new Map<string, Register>();
  const rows: ImportRow[] = [];
  for (const [at, line] of lines.entries()) {
    const read = line.length === header.length ? readRow(line, columns, asked.engagement) : 'cells_differ';
    const stageName = cellsOf(line, columns).stage_name;
    const done = typeof read === 'string' ? refused(read) : await takeRow(edge, read, { before, actor });
    rows.push({ row: at + 2, stageName, ...done });
  }
  return { header, columns, rows };
}

type Done = Pick<ImportRow, 'outcome' | 'fault' | 'dancer'>;
const refused = (fault: RowFault): Done => ({ outcome: 'refused', fault, dancer: null });

/** `before` are the rows above that would be registered, for a preview, in which nobody is. */
async function takeRow(
  edge: Edge,
  { register, credential }: Read,
  { before, actor }: { readonly before: Map<string, Register>; readonly actor: Actor | null },
): Promise<Done> {
  const known = edge.reads.dancers.named(register.stageName)?.dancer ?? null;
  const above = before.get(register.stageName);
  const isOther = known !== null ? !edge.people.isSame(known, register) : above && !isSamePerson(above, register);
  if (isOther) return refused('stage_name_taken');
  const hasPaper = credential === null || (known !== null && hasCredential(edge, known, credential));
  if (known !== null && hasPaper) return { outcome: 'known', fault: null, dancer: known };
  if (actor === null) {
    before.set(register.stageName, register);
    return { outcome: (known ?? above) ? 'credential_added' : 'registered', fault: null, dancer: known };
  }
  const by = () => ({ key: randomUUID(), actor });
  const born = known === null ? await edge.command('dancer.register', register, by()) : null;
  if (born && !born.ok) return refused(born.refusal === 'stage_name_taken' ? 'stage_name_taken' : 'box_refused');
  const dancer = known ?? born?.id ?? '';
  const paper = credential ? await edge.command('credential.add', { dancer, ...credential }, by()) : null;
  if (paper && !paper.ok) return { outcome: 'refused', fault: 'box_refused', dancer };
  return { outcome: known === null ? 'registered' : 'credential_added', fault: null, dancer };
}

function isSamePerson(a: Register, b: Register): boolean {
  return a.legalName === b.legalName && a.birthDate === b.birthDate;
}

function hasCredential({ reads }: Edge, dancer: string, { kind, issuer, expiresOn }: Credential): boolean {
  return reads.dancers
    .credentials(dancer)
    .some((one) => one.kind === kind && one.issuer === issuer && one.expiresOn === expiresOn);
}

const FAULT_OF: Readonly<Record<string, RowFault>> = {
  '/stageName': 'stage_name_wrong',
  '/legalName': 'legal_name_wrong',
  '/birthDate': 'birth_date_wrong',
  '/engagement': 'engagement_wrong',
};

/** The commands of one row, in the form that their routes ask for, or the first thing that is wrong with it. */
function readRow(line: readonly string[], columns: ImportMapping, engagement: Engagement): Read | RowFault {
  const cells = cellsOf(line, columns);
  const register = {
    stageName: cells.stage_name,
    legalName: cells.legal_name,
    birthDate: importedDate(cells.birth_date) ?? '',
    engagement: cells.engagement === '' ? engagement : word(cells.engagement),
  };
  const [wrong] = Value.Errors(COMMAND_ROUTES['dancer.register'].body, register);
  if (wrong) return FAULT_OF[wrong.instancePath] ?? 'stage_name_wrong';
  const credential = credentialOf(cells);
  return credential === 'wrong' ? 'credential_wrong' : { register: register as Register, credential };
}

/** Nobody here has looked at it yet: it waits to be verified. */
function credentialOf(cells: ReturnType<typeof cellsOf>): Credential | null | 'wrong' {
  const { credential_kind: kind, credential_issuer: issuer, credential_number: number } = cells;
  const dates = [cells.credential_issued_on, cells.credential_expires_on];
  if ([kind, issuer, number, ...dates].every((text) => text === '')) return null;
  const [issuedOn = null, expiresOn = null] = dates.map((text) => (text === '' ? null : (importedDate(text) ?? text)));
  const credential = {
    kind: word(kind),
    issuer,
    issuedOn,
    expiresOn,
    verified: false,
    ...(number !== '' && { number }),
  };
  const isDated = [issuedOn, expiresOn].every((date) => date === null || isDate(date));
  const isOrdered = issuedOn === null || expiresOn === null || issuedOn <= expiresOn;
  const isWhole = isDated && isOrdered && Value.Check(COMMAND_ROUTES['credential.add'].body, credential);
  return isWhole ? (credential as Credential) : 'wrong';
}

const word = (text: string): string => text.toLowerCase().replaceAll(/[\s-]+/g, '_');
