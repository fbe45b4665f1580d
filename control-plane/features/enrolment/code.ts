import { hash } from 'node:crypto';

/**
 * An enrolment code is `<org>-<selector>-<secret>-<secret>`, such as `12-K7QF-9XBM-2T4V`. The selector finds the row,
 * and only its hash of the 40-bit secret is stored; five wrong tries end a code.
 */
export type EnrolmentCode = { readonly org: number; readonly selector: string; readonly secret: string };

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHAPE = /^([1-9]\d{0,8})([0-9A-HJKMNP-TV-Z]{4})([0-9A-HJKMNP-TV-Z]{8})$/;
export const CODE_RANDOM_BYTES = 12;

export function newCode(org: number, random: Buffer): EnrolmentCode {
  const letters = [...random].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { org, selector: letters.slice(0, 4), secret: letters.slice(4, CODE_RANDOM_BYTES) };
}

export function writtenCode({ org, selector, secret }: EnrolmentCode): string {
  return `${org}-${selector}-${secret.slice(0, 4)}-${secret.slice(4)}`;
}

/** Reads a code as people type it: any case, hyphens or blanks, O for 0, I and L for 1. Null when it can't be one. */
export function readCode(text: string): EnrolmentCode | null {
  const [org = '', ...rest] = text
    .trim()
    .toUpperCase()
    .split(/[\s-]+/);
  const letters = rest.join('').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const match = SHAPE.exec(org + letters);
  // The organisation has no fixed length, so it must have been set off by a hyphen.
  if (!match || match[1] !== org) return null;
  return { org: Number(org), selector: match[2] ?? '', secret: match[3] ?? '' };
}

export function secretHash({ selector, secret }: EnrolmentCode): Buffer {
  return hash('sha256', `clubops.enrol.v1\n${selector}\n${secret}`, 'buffer');
}
