import path from 'node:path';
import { musicLimits } from './limits.ts';

/** Files that other programs hide or have not finished. */
const IGNORED: readonly RegExp[] = [
  /^\./,
  /^~\$/,
  /~$|^#.*#$/,
  /\.(part|partial|crdownload|download|filepart|tmp|temp|opdownload|!ut|!qb|bc!|jc!|dtapart|td|xltd|unfinished|incomplete|inprogress|syncpart|aria2|swp|bak)$/i,
  /^((eh)?thumbs\.db|desktop\.ini|icon\r)$/i,
];
/** Folders in which other programs keep what belongs to their own files. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  '__MACOSX',
  '@eaDir',
  '.AppleDouble',
  '.Trashes',
  '$RECYCLE.BIN',
  'System Volume Information',
]);

export function isIgnored(file: string): boolean {
  const folders = file.split(path.sep);
  return (
    folders.some((name) => IGNORED_FOLDERS.has(name)) || IGNORED.some((pattern) => pattern.test(path.basename(file)))
  );
}

/** Control characters, those that turn the direction of what follows or have no width, and letters that are blank. */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u{e0000}-\u{e007f}\u00ad\u115f\u1160\u3164\uffa0\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

const LONGEST = new RegExp(`^.{0,${musicLimits.tagCharsMax}}`, 'su');

/** A text of a tag as it may be shown: one line, composed (NFC), without what cannot be seen, at most 300 characters. */
export function shown(text: string): string {
  const seen = text
    .replace(/[\t\n\v\f\r]+/g, ' ')
    .replace(UNSEEN, '')
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();
  return LONGEST.exec(seen)?.[0] ?? '';
}

/** What a track without a title is called: its file's name, without the ending. Never a path. */
export function titleFromName(file: string): string {
  const name = path.basename(file);
  const bare = shown(name.replace(/\.[a-z0-9]{1,5}$/i, ''));
  return bare === '' ? 'Untitled' : bare;
}
