import type { PackFinding } from '../edge-node/verify-pack.ts';
import type { Finding } from '../edge-node/verify-folder.ts';

type Broken = Extract<Finding, { readonly first: unknown }>;
type Difference = Extract<Finding, { readonly difference: unknown }>['difference'];

const WRONG: Readonly<Record<Broken['wrong'], string>> = {
  changed: 'was changed after it was written',
  missing: 'is missing',
  misplaced: 'is not the one that stood here',
  unreadable: "can't be read: the file is damaged",
  not_countersigned: 'is not the one that the cloud countersigned',
  torn: 'is not borne out by a mark: the file was cut off in a write',
  mismarked: 'has a mark that is not its own',
};

/** What was found, for a person. */
export function sentenceOf(finding: Finding, replayed: boolean): string {
  if (finding.ok) {
    const tables = replayed ? ' The log makes the tables as they are, row by row.' : '';
    return `All ${finding.events} events are as they were written; the last hash is ${finding.head}.${tables}`;
  }
  if ('difference' in finding) return rowSentence(finding.difference);
  const { log, seq, id, day } = finding.first;
  const where = day === null ? 'outside any business day' : `of business day ${day}`;
  return `Event ${seq}${id === null ? '' : ` (${id})`} of log ${log}, ${where}, ${WRONG[finding.wrong]}. Every event before it is as it was written.`;
}

function rowSentence({ table, key, column, row }: Difference): string {
  if (row === 'extra') return `The log is whole, but doesn't make row ${key} of table ${table}.`;
  if (row === 'missing') return `The log is whole, and makes a row ${key} that table ${table} doesn't have.`;
  return `The log is whole, but makes row ${key} of table ${table} with another ${column}.`;
}

/** What was found, for a program. */
export function valueOf(finding: Finding): object {
  if (finding.ok) return { ok: true, events: finding.events, head: finding.head };
  return 'difference' in finding
    ? { ok: false, first: null, difference: finding.difference }
    : { ok: false, first: finding.first };
}

const PACK_WRONG: Readonly<Record<Extract<PackFinding, { ok: false }>['wrong'], string>> = {
  changed: 'was changed after the pack was made',
  missing: 'is missing',
  not_listed: 'is not one of the pack',
};

/** What was found in an inspection pack, for a person. */
export function packSentence(finding: PackFinding): string {
  if (!finding.ok) return `${finding.file} ${PACK_WRONG[finding.wrong]}.`;
  return `All ${finding.files} files are as they were made, signed by the key ${finding.thumbprint}; the last hash is ${finding.head}.`;
}
