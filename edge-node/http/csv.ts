export type Cell = string | number | null;

/**
 * A spreadsheet takes a text that begins like this for a formula; a quote before it makes it a text again (OWASP, CSV injection).
 * One that has such quotes of its own gets one more, so that who takes one away has the text as it was.
 */
const FORMULA = /^'*[=+\-@\t\r]/;

/** Comma-separated values as RFC 4180 has them: CRLF, texts with a comma, quote or line break in quotes, quotes doubled. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * Reads what `csvLine` writes and what spreadsheets do: lines may end in LF alone, a byte order mark goes. Empty lines are
 * left out. Null where it is not of that form: a quote that is not closed, or text behind one.
 */
export function parseCsv(text: string): readonly (readonly string[])[] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const whole = text.replace(/^\uFEFF/, '');
  while (cell.lastIndex < whole.length || row.length > 0) {
    const found = cell.exec(whole);
    if (!found) return null;
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '' || quoted !== undefined) rows.push(row);
    row = [];
  }
  return rows;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
