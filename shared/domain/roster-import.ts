import { isDate } from './calendar.ts';

/** The fields that a row of somebody else's list may have. */
export const IMPORT_FIELDS = [
  'stage_name',
  'legal_name',
  'birth_date',
  'engagement',
  'credential_kind',
  'credential_issuer',
  'credential_number',
  'credential_issued_on',
  'credential_expires_on',
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];
export type ImportMapping = { readonly [F in ImportField]: number | null };

/** Why a row is not taken over, one message each. */
export const ROW_FAULTS = {
  cells_differ: 'This row has more or fewer cells than the header.',
  stage_name_wrong: 'The stage name is missing or too long.',
  legal_name_wrong: 'The legal name is missing or too long.',
  birth_date_wrong: 'The date of birth is missing, or is no date.',
  engagement_wrong: 'The engagement is none of employee, independent_contractor, lease.',
  credential_wrong: 'The credential is not whole: its kind, its issuer, or one of its dates.',
  stage_name_taken: 'Another dancer has this stage name.',
  box_refused: 'The box refused this row.',
} as const;
export type RowFault = keyof typeof ROW_FAULTS;

/** Words of a header by which a column is told, the more telling first. */
const WORDS: { readonly [F in ImportField]: readonly string[] } = {
  stage_name: ['stage name', 'stage', 'dancer', 'alias', 'nombre artistico'],
  legal_name: ['legal name', 'full name', 'real name', 'true name', 'nombre legal', 'name'],
  birth_date: ['birth date', 'date of birth', 'dob', 'birthday', 'born', 'fecha de nacimiento'],
  engagement: ['engagement', 'engaged as', 'worker type', 'employment'],
  credential_kind: ['credential kind', 'credential type', 'credential', 'permit type', 'licence type', 'license type'],
  credential_issuer: ['credential issuer', 'issuer', 'issued by'],
  credential_number: [
    'credential number',
    'card number',
    'permit number',
    'licence number',
    'license number',
    'permit',
  ],
  credential_issued_on: ['credential issued on', 'issued on', 'issue date', 'issued'],
  credential_expires_on: ['credential expires on', 'expires on', 'expiry', 'expiration', 'expires', 'valid until'],
};

/** Proposes which column is which, by the words of the header. A column is given to one field at most. */
export function suggestMapping(header: readonly string[]): ImportMapping {
  const columns = header.map(plainWords);
  const taken = new Set<number>();
  const found = new Map<ImportField, number>();
  for (const isMeant of [(column: string, word: string) => column === word, isIn])
    for (const field of IMPORT_FIELDS) {
      if (found.has(field)) continue;
      const at = WORDS[field]
        .map((word) => columns.findIndex((column, place) => !taken.has(place) && isMeant(column, word)))
        .find((place) => place >= 0);
      if (at === undefined) continue;
      taken.add(at);
      found.set(field, at);
    }
  const all = IMPORT_FIELDS.map((field) => [field, found.get(field) ?? null]);
  return Object.fromEntries(all) as ImportMapping;
}

function isIn(column: string, word: string): boolean {
  return ` ${column} `.includes(` ${word} `);
}

function plainWords(text: string): string {
  const bare = text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return bare.replaceAll(/[^a-z0-9]+/g, ' ').trim();
}

/** The texts of one row by field; '' for one that is not there. A text that was guarded against formulas is as it was. */
export function cellsOf(row: readonly string[], mapping: ImportMapping): { readonly [F in ImportField]: string } {
  const all = IMPORT_FIELDS.map((field) => {
    const at = mapping[field];
    const cell = at === null ? '' : (row[at] ?? '');
    return [field, cell.replace(/^'(?='*[=+\-@\t\r])/, '').trim()];
  });
  return Object.fromEntries(all) as { readonly [F in ImportField]: string };
}

/** A date as `YYYY-MM-DD`, or in the American order `M/D/YYYY`; null for neither. */
export function importedDate(text: string): string | null {
  const [, month = '', day = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const date = year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}
