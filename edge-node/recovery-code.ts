import { hash } from 'node:crypto';

/**
 * The club key as people keep it on paper: Crockford's base 32 (no I, L, O, U) in groups of four, the last of which is a
 * check. Whoever has it can read what is sealed, so it belongs in a safe.
 */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const KEY_BYTES = 32;
const KEY_LETTERS = Math.ceil((KEY_BYTES * 8) / 5);
const CHECK_LETTERS = 4;

export function recoveryCode(clubKey: Buffer): string {
  const letters = written(clubKey) + check(clubKey);
  return letters.match(/.{1,4}/g)?.join('-') ?? letters;
}

/** Reads a code as people type it: any case, blanks or hyphens, O for 0, I and L for 1. Throws a sentence where it is none. */
export function clubKeyOf(code: string): Buffer {
  const letters = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const key = letters.length === KEY_LETTERS + CHECK_LETTERS ? read(letters.slice(0, KEY_LETTERS)) : null;
  if (!key || check(key) !== letters.slice(KEY_LETTERS))
    throw new Error('This is not a recovery code. Look for a letter that was misread.');
  return key;
}

function check(key: Buffer): string {
  return written(hash('sha256', Buffer.concat([Buffer.from('clubops.recovery.v1'), key]), 'buffer')).slice(
    0,
    CHECK_LETTERS,
  );
}

function written(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function read(letters: string): Buffer | null {
  const fives = Array.from(letters, (letter) => LETTERS.indexOf(letter));
  if (fives.some((five) => five < 0)) return null;
  const bits = fives.map((five) => five.toString(2).padStart(5, '0')).join('');
  const bytes = (bits.slice(0, KEY_BYTES * 8).match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2));
  return Buffer.from(bytes);
}
