/** A musical key in one notation: `C`, `F#`, `Bb`, with `m` for minor. */
const TONICS = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'] as const;
/** Tonics of Camelot's wheel from 1 to 12. */
const CAMELOT_MAJOR = [11, 6, 1, 8, 3, 10, 5, 0, 7, 2, 9, 4];
const CAMELOT_MINOR = [8, 3, 10, 5, 0, 7, 2, 9, 4, 11, 6, 1];
const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

export type Tone = { readonly tonic: number; readonly isMinor: boolean };

/** `tonic` in half tones over C. */
export function keyName({ tonic, isMinor }: Tone): string {
  const name = TONICS[((tonic % 12) + 12) % 12] ?? 'C';
  if (!isMinor) return name === 'C#' ? 'Db' : name;
  return `${name === 'Ab' ? 'G#' : name}m`;
}

/** The key as Camelot's wheel has it, `8A` for A minor. */
export function camelot(tone: Tone): string {
  const wheel = tone.isMinor ? CAMELOT_MINOR : CAMELOT_MAJOR;
  return `${wheel.indexOf(((tone.tonic % 12) + 12) % 12) + 1}${tone.isMinor ? 'A' : 'B'}`;
}

/** Reads `F#m`, `Gb minor`, `C sharp minor`, `Fis-Moll`, `11A`, `4m` (Open Key), `8A - Am` and the like; null where the text names no key. */
export function readKey(text: string): Tone | null {
  const parts = text.split(/[/|,;()]| - /).map((part) => part.trim());
  for (const part of parts.slice(0, PARTS_MAX)) {
    const tone = readOne(part);
    if (tone !== null) return tone;
  }
  return null;
}

const PARTS_MAX = 4;

function readOne(text: string): Tone | null {
  const wheel = /^0?(1[0-2]|[1-9])\s*([ABabdm])$/.exec(text);
  if (wheel !== null) return fromWheel(Number(wheel[1]), wheel[2] ?? 'A');
  const named = /^([A-G])([#b\u266f\u266d]?)[\s:_-]*(m|min|minor|moll|M|maj|major|dur)?$/i.exec(inSigns(text));
  if (named === null) return null;
  const [, letter = 'C', accidental = '', mode = ''] = named;
  const shift = accidental === '#' || accidental === '\u266f' ? 1 : accidental === '' ? 0 : -1;
  const isMinor = mode === 'm' || /^(min|minor|moll)$/i.test(mode);
  return { tonic: ((STEPS[letter.toUpperCase()] ?? 0) + shift + 12) % 12, isMinor };
}

/** Half tones by word become signs: `C sharp minor`, `A-flat major`, and in German `Fis-Moll`, `As-Dur`. */
function inSigns(text: string): string {
  return text
    .replace(/^([A-G])[\s-]*(sharp|is(?=[\s-]*(moll|dur)))/i, '$1#')
    .replace(/^([A-G])[\s-]*(flat|e?s(?=[\s-]*(moll|dur)))/i, '$1b');
}

/** Camelot counts A minor as 8A; Open Key counts it as 1m. */
function fromWheel(number: number, mode: string): Tone {
  const isOpenKey = mode === 'm' || mode === 'd';
  const place = isOpenKey ? (number + 6) % 12 : number - 1;
  const isMinor = mode === 'm' || mode.toUpperCase() === 'A';
  return { tonic: (isMinor ? CAMELOT_MINOR : CAMELOT_MAJOR)[place] ?? 0, isMinor };
}
