import { jsPDF } from 'jspdf';

/** A heading with lines of text, at most one drawing and at most one table below it; every cell is text that is ready to be read. */
export interface Section {
  readonly heading: string;
  readonly lines?: readonly string[];
  /** What somebody drew, as the path of an SVG of M and L. */
  readonly drawn?: string | undefined;
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const MARGIN = 40;
const LINE = 13;
const SIZE = 9;
/** The largest that a drawing gets, in points. */
const DRAWING = { wide: 240, high: 90 };

/** What WinAnsi, the standard fonts' alphabet, has beyond Latin-1. */
const BEYOND_LATIN = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** The text in the letters that the standard fonts have: marks are left off a letter that they lack, the rest becomes a question mark. */
export function printable(text: string): string {
  const drawn = (letter: string) => BEYOND_LATIN.includes(letter) || /[\x20-\x7e\u00a0-\u00ff]/.test(letter);
  return Array.from(text.normalize('NFC'), (letter) => {
    if (drawn(letter)) return letter;
    const [base = '?'] = letter.normalize('NFKD');
    return drawn(base) ? base : '?';
  }).join('');
}

/** Puts text on letter pages from the top down, and begins a page where one is full. */
class Pages {
  readonly #pdf = new jsPDF({ unit: 'pt', format: 'letter', compress: true });
  readonly #width = this.#pdf.internal.pageSize.getWidth() - 2 * MARGIN;
  readonly #end = this.#pdf.internal.pageSize.getHeight() - 2 * MARGIN;
  #y = MARGIN;

  line(text: string, size = SIZE, style: 'normal' | 'bold' = 'normal'): void {
    this.#pdf.setFont('helvetica', style).setFontSize(size);
    const parts = this.#pdf.splitTextToSize(printable(text), this.#width) as string[];
    for (const part of parts) this.#row([part], 1, size + 4);
  }

  gap(): void {
    this.#y += LINE / 2;
  }

  cells(cells: readonly string[], style: 'normal' | 'bold' = 'normal'): void {
    this.#pdf.setFont('helvetica', style).setFontSize(SIZE);
    const width = this.#width / cells.length - 6;
    const columns = cells.map((cell) => this.#pdf.splitTextToSize(printable(cell), width) as string[]);
    const height = Math.max(...columns.map((column) => column.length));
    for (let index = 0; index < height; index++)
      this.#row(
        columns.map((column) => column[index] ?? ''),
        cells.length,
        LINE,
      );
  }

  /** A path of an SVG, no larger than the box that is kept for it. */
  draw(path: string): void {
    const points = [...path.matchAll(/([ML])(\d+) (\d+)/g)].map(([, kind, x, y]) => ({
      kind,
      x: Number(x),
      y: Number(y),
    }));
    if (points.length === 0) return;
    const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
    const wide = Math.max(1, ...points.map(({ x }) => x - left));
    const high = Math.max(1, ...points.map(({ y }) => y - top));
    const scale = Math.min(1, DRAWING.wide / wide, DRAWING.high / high);
    this.#row([], 1, high * scale + LINE);
    const [x0, y0] = [MARGIN - left * scale, this.#y - (high + top) * scale];
    for (const [at, { kind, x, y }] of points.entries()) {
      const from = points[at - 1];
      if (kind === 'L' && from)
        this.#pdf.line(x0 + from.x * scale, y0 + from.y * scale, x0 + x * scale, y0 + y * scale);
    }
  }

  #row(parts: readonly string[], columns: number, height: number): void {
    if (this.#y + height > this.#end) {
      this.#pdf.addPage();
      this.#y = MARGIN;
    }
    this.#y += height;
    for (const [index, part] of parts.entries())
      this.#pdf.text(part, MARGIN + (index * this.#width) / columns, this.#y);
  }

  /** Numbers the pages, and gives the file's bytes. */
  finish(title: string): Buffer {
    const pages = this.#pdf.getNumberOfPages();
    for (let page = 1; page <= pages; page++) {
      this.#pdf.setPage(page).setFont('helvetica', 'normal').setFontSize(8);
      this.#pdf.text(`${printable(title)}  ·  ${page} / ${pages}`, MARGIN, this.#end + MARGIN);
    }
    return Buffer.from(this.#pdf.output('arraybuffer'));
  }
}

/**
 * A report on letter paper, as a PDF's bytes. `stamp` stands below the title (what it is of, when it was made, the chain's head).
 * The same input gives the same pages; the file itself carries the moment of its making.
 */
export function paper(title: string, stamp: readonly string[], sections: readonly Section[]): Buffer {
  const pages = new Pages();
  pages.line(title, 16, 'bold');
  for (const line of stamp) pages.line(line);
  for (const { heading, lines = [], drawn, table } of sections) {
    pages.gap();
    pages.line(heading, 11, 'bold');
    for (const line of lines) pages.line(line);
    if (drawn !== undefined) pages.draw(drawn);
    if (table === undefined) continue;
    pages.cells(table.columns, 'bold');
    for (const row of table.rows) pages.cells(row);
  }
  return pages.finish(title);
}
