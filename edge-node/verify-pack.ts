import { createHash, createPublicKey, hash, verify } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { Check } from 'typebox/value';
import type { TSchema, Static } from 'typebox';
import {
  PACK_FILES,
  PackLine,
  PackManifest,
  PackSeal,
  packSigned,
  sealText,
} from '#shared/contract/inspection-pack.ts';
import { nextHash } from '#shared/log/chain.ts';

/** `thumbprint` (RFC 7638) names the key that signed: head office knows which one is the club's. */
export type PackFinding =
  | {
      readonly ok: true;
      readonly pack: string;
      readonly files: number;
      readonly thumbprint: string;
      readonly head: string;
    }
  | { readonly ok: false; readonly file: string; readonly wrong: 'changed' | 'missing' | 'not_listed' };
type Files = ReadonlyMap<string, Buffer>;

const bad = (file: string, wrong: 'changed' | 'missing' | 'not_listed' = 'changed'): PackFinding => ({
  ok: false,
  file,
  wrong,
});

/** Judges an inspection pack, a .zip or the folder that it was unpacked to, by its own bytes; no node, no cloud, no database. */
export function verifyPack(place: string): PackFinding {
  const files = filesOf(place);
  if (files === null) return bad(path.basename(place));
  for (const name of [PACK_FILES.seal, PACK_FILES.manifest]) if (!files.has(name)) return bad(name, 'missing');
  const seal = sealIn(files);
  if (!seal) return bad(PACK_FILES.seal);
  const manifestBytes = files.get(PACK_FILES.manifest) ?? Buffer.alloc(0);
  if (hash('sha256', manifestBytes) !== seal.sha256) return bad(PACK_FILES.manifest);
  const manifest = parsed(PackManifest, manifestBytes.toString('utf8'));
  if (!manifest) return bad(PACK_FILES.manifest);
  return listed(files, manifest) ?? chained(files, manifest, thumbprintOf(seal.x));
}

function filesOf(place: string): Files | null {
  if (statSync(place).isDirectory())
    // A folder in it is no file of a pack: without bytes of its own it is found not to be listed.
    return new Map(
      readdirSync(place, { withFileTypes: true }).map((entry) => [
        entry.name,
        entry.isDirectory() ? Buffer.alloc(0) : readFileSync(path.join(place, entry.name)),
      ]),
    );
  try {
    const entries = Object.entries(unzipSync(readFileSync(place)));
    return new Map(entries.map(([name, bytes]) => [name, Buffer.from(bytes)]));
  } catch {
    return null;
  }
}

/** The seal, if it is signed by its own key and written in the one way that there is. */
function sealIn(files: Files): PackSeal | null {
  const written = files.get(PACK_FILES.seal)?.toString('utf8') ?? '';
  const seal = parsed(PackSeal, written);
  if (!seal || sealText(seal) !== written) return null;
  const isOneWay = [seal.x, seal.signature].every(
    (text) => Buffer.from(text, 'base64url').toString('base64url') === text,
  );
  if (!isOneWay) return null;
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: seal.x }, format: 'jwk' });
    return verify(null, Buffer.from(packSigned(seal.sha256)), key, Buffer.from(seal.signature, 'base64url'))
      ? seal
      : null;
  } catch {
    return null;
  }
}

function listed(files: Files, { files: names }: PackManifest): PackFinding | null {
  for (const { name, bytes, sha256 } of names) {
    const found = files.get(name);
    if (!found) return bad(name, 'missing');
    if (found.length !== bytes || hash('sha256', found) !== sha256) return bad(name);
  }
  const known = new Set<string>([PACK_FILES.manifest, PACK_FILES.seal, ...names.map(({ name }) => name)]);
  const extra = [...files.keys()].find((name) => !known.has(name));
  return extra === undefined ? null : bad(extra, 'not_listed');
}

/** Each line follows on the one before it, up to the place that the manifest names. */
function chained(files: Files, { chain, pack, files: names }: PackManifest, thumbprint: string): PackFinding {
  const lines = (files.get(PACK_FILES.log)?.toString('utf8') ?? '').split('\n').slice(0, -1);
  let before: { log: string; seq: number; hash: string } | null = null;
  for (const text of lines) {
    const row = parsed(PackLine, text);
    if (!row || nextHash(Buffer.from(row.prev, 'hex'), row.line).toString('hex') !== row.hash)
      return bad(PACK_FILES.log);
    if (before?.log === row.log && (before.hash !== row.prev || row.seq !== before.seq + 1)) return bad(PACK_FILES.log);
    before = row;
  }
  if (before?.hash !== chain.head || before.log !== chain.log || before.seq !== chain.seq) return bad(PACK_FILES.log);
  if (chain.keyThumbprint !== thumbprint) return bad(PACK_FILES.seal);
  return { ok: true, pack, files: names.length + 2, thumbprint, head: chain.head };
}

function thumbprintOf(x: string): string {
  return createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
}

function parsed<T extends TSchema>(schema: T, text: string): Static<T> | null {
  try {
    const value: unknown = JSON.parse(text);
    return Check(schema, value) ? value : null;
  } catch {
    return null;
  }
}
