import { Type, type Static } from 'typebox';
import { closed, Id } from './api-fields.ts';

/** POST /inspection-packs (owner, manager): a .zip with the pack of tonight, or of the last night; `visit` is the site visit that it is made for. */
export const InspectionPackRequest = Type.Object({ visit: Type.Union([Type.Null(), Id]) }, closed);

/** The names of a pack's files: what a stranger opens first is the PDF. */
export const PACK_FILES = {
  paper: 'inspection.pdf',
  people: 'people.json',
  dailyLog: 'daily-log.json',
  overrides: 'overrides.json',
  policy: 'policy.json',
  log: 'log.ndjson',
  manifest: 'manifest.json',
  seal: 'manifest.sig',
} as const;

const text = Type.String();
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** What a pack is made of. Hashes are SHA-256, lower-case hex; instants epoch milliseconds. */
export const PackManifest = Type.Object(
  {
    format: Type.Literal('clubops-inspection-pack'),
    version: Type.Literal(1),
    pack: text,
    club: text,
    night: text,
    date: text,
    visit: Type.Union([Type.Null(), text]),
    madeAt: Type.Integer(),
    madeBy: text,
    /** The chain at the last line of log.ndjson, and the node that writes it: RFC 7638 of its key. */
    chain: Type.Object({ log: text, seq: Type.Integer(), head: hash, keyThumbprint: text }, closed),
    files: Type.Array(Type.Object({ name: text, bytes: Type.Integer(), sha256: hash }, closed)),
  },
  closed,
);
export type PackManifest = Static<typeof PackManifest>;
/** manifest.sig: the manifest's hash, signed by the node (Ed25519, RFC 8032, over `packSigned`). */
export const PackSeal = Type.Object({ sha256: hash, x: text, signature: text }, closed);
export type PackSeal = Static<typeof PackSeal>;

export const packSigned = (manifestSha256: string): string => `clubops-inspection-pack\n${manifestSha256}`;
/** The one way to write the seal: with any other byte in it, it is another file. */
export const sealText = ({ sha256, x, signature }: PackSeal): string => `${JSON.stringify({ sha256, x, signature })}\n`;

/** A line of log.ndjson: hash = SHA-256(prev ‖ line). */
export const PackLine = Type.Object({ log: text, seq: Type.Integer(), prev: hash, hash, line: text }, closed);
