import { hash } from 'node:crypto';
import { zip } from 'fflate';
import { PACK_FILES, packSigned, sealText, type PackManifest } from '#shared/contract/inspection-pack.ts';
import { assert } from '#shared/kit/assert.ts';
import type { NodeKey } from '../sync/node-identity.ts';
import type { PackFacts } from './gather.ts';
import { packPaper, type PackHead } from './pack-paper.ts';

export type PackParts = Omit<PackHead, 'head'> & {
  readonly pack: string;
  readonly night: string;
  readonly visit: string | null;
  readonly key: Pick<NodeKey, 'publicJwk' | 'thumbprint' | 'sign'>;
};

/** The pack as one .zip that any machine opens. Packing goes on beside the floor, in threads of its own. */
export function packZip(facts: PackFacts, parts: PackParts): Promise<Buffer> {
  const files = packFiles(facts, parts);
  return new Promise((resolve, reject) => {
    // What a zip says of its files' times belongs to the pack's moment, not to the box's zone.
    zip(files, { mtime: new Date(parts.madeAt) }, (error, data) =>
      error ? reject(error) : resolve(Buffer.from(data)),
    );
  });
}

/** Each file's bytes by name, the manifest with all their hashes, and the node's signature on it. */
function packFiles(facts: PackFacts, parts: PackParts): Record<string, Uint8Array> {
  const last = facts.lines.at(-1);
  assert(last !== undefined, 'the making of the pack is itself in the log');
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
  const log = facts.lines.map(({ logId, seq, prev, hash: own, line }) =>
    JSON.stringify({ log: logId, seq, prev: prev.toString('hex'), hash: own.toString('hex'), line }),
  );
  const head = last.hash.toString('hex');
  const contents: Record<string, Buffer> = {
    [PACK_FILES.paper]: packPaper(facts, { ...parts, head }),
    [PACK_FILES.people]: json(facts.people),
    [PACK_FILES.dailyLog]: json(facts.dailyLog),
    [PACK_FILES.overrides]: json(facts.overrides),
    [PACK_FILES.policy]: json(facts.policy),
    [PACK_FILES.log]: Buffer.from(log.map((one) => `${one}\n`).join('')),
  };
  const { key, pack, club, night, date, visit, madeAt, madeBy } = parts;
  const manifest: PackManifest = {
    format: 'clubops-inspection-pack',
    version: 1,
    pack,
    club,
    night,
    date,
    visit,
    madeAt,
    madeBy,
    chain: { log: last.logId, seq: last.seq, head, keyThumbprint: key.thumbprint },
    files: Object.entries(contents).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: hash('sha256', bytes),
    })),
  };
  const manifestBytes = json(manifest);
  const sha256 = hash('sha256', manifestBytes);
  const seal = sealText({ sha256, x: key.publicJwk.x, signature: key.sign(packSigned(sha256)) });
  return { ...contents, [PACK_FILES.manifest]: manifestBytes, [PACK_FILES.seal]: Buffer.from(seal) };
}
