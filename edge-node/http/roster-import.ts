import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import { COMMAND_ROUTES, type CommandBody } from '#shared/contract/api.ts';
import type { Actor } from '#shared/contract/event-line.ts';
import type { ImportAnswer, ImportRow } from '#shared/contract/roster-api.ts';
import type { Engagement } from '#shared/domain/event.ts';
import { isBirthDate, isDate } from '#shared/domain/calendar.ts';
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
type Above = { readonly register: Register; readonly credentials: readonly Credential[] };
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
  const before = new Map<string, Above>();
  const now = edge.clock.wall();
  const rows: ImportRow[] = [];
  for (const [at, line] of lines.entries()) {
    const read =
      line.length === header.length ? readRow(line, columns, { engagement: asked.engagement, now }) : 'cells_differ';
    const stageName = cellsOf(line, columns).stage_name;
    const done = typeof read === 'string' ? refused(read) : await takeRow(edge, read, { before, actor });
    rows.push({ row: at + 2, stageName, ...done });
  }
  return { header, columns, rows };
}

type Done = Pick<ImportRow, 'outcome' | 'fault' | 'dancer'>;
const refused = (fault: RowFault): Done => ({ outcome: 'refused', fault, dancer: null });

/** `before` is what the rows above would do, for a preview, in which nobody is registered. */
async function takeRow(
  edge: Edge,
  { register, credential }: Read,
  { before, actor }: { readonly before: Map<string, Above>; readonly actor: Actor | null },
): Promise<Done> {
  const known = edge.reads.dancers.named(register.stageName)?.dancer ?? null;
  const above = before.get(register.stageName);
  const isOther =
    known !== null ? !edge.people.isSame(known, register) : above && !isSamePerson(above.register, register);
  if (isOther) return refused('stage_name_taken');
  const isThere = known !== null || above !== undefined;
  const hasPaper =
    credential === null ||
    (known !== null && edge.people.hasPaper(known, credential)) ||
    above?.credentials.some((one) => isSamePaper(one, credential));
  if (isThere && hasPaper) return { outcome: 'known', fault: null, dancer: known };
  if (actor === null) {
    const credentials = [...(above?.credentials ?? []), ...(credential ? [credential] : [])];
    before.set(register.stageName, { register, credentials });
    return { outcome: isThere ? 'credential_added' : 'registered', fault: null, dancer: known };
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

function isSamePaper(a: Credential, b: Credential): boolean {
  const isAlike = a.kind === b.kind && a.issuer === b.issuer && a.expiresOn === b.expiresOn;
  return isAlike && (b.number === undefined || a.number === b.number);
}

const FAULT_OF: Readonly<Record<string, RowFault>> = {
  '/stageName': 'stage_name_wrong',
  '/legalName': 'legal_name_wrong',
  '/birthDate': 'birth_date_wrong',
  '/engagement': 'engagement_wrong',
};

/** The commands of one row, in the form that their routes ask for, or the first thing that is wrong with it. */
function readRow(
  line: readonly string[],
  columns: ImportMapping,
  { engagement, now }: { readonly engagement: Engagement; readonly now: number },
): Read | RowFault {
  const cells = cellsOf(line, columns);
  const register = {
    stageName: cells.stage_name,
    legalName: cells.legal_name,
    birthDate: importedDate(cells.birth_date) ?? '',
    engagement: cells.engagement === '' ? engagement : word(cells.engagement),
  };
  const [wrong] = Value.Errors(COMMAND_ROUTES['dancer.register'].body, register);
  if (wrong) return FAULT_OF[wrong.instancePath] ?? 'stage_name_wrong';
  if (!isBirthDate(register.birthDate, now)) return 'birth_date_wrong';
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
