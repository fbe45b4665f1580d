export type Cell = string | number | null;

/** A spreadsheet takes a text that begins like this for a formula; a quote before it makes it a text again (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Comma-separated values as RFC 4180 has them: CRLF, texts with a comma, quote or line break in quotes, quotes doubled. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
