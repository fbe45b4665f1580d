import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Actor } from '#shared/contract/event-line.ts';
import { attachImage, imageType, openImage, type ImageOf } from '#shared/domain/image.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { ImageType } from '#shared/domain/roster-events.ts';
import type { Deciding } from './features/command.ts';
import type { NewId } from './ids.ts';
import type { CommandQueue } from './log/command-queue.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

export type Images = {
  /** Keeps an image under her key, then says so in the log. Answers its id. */
  readonly attach: (
    of: ImageOf,
    bytes: Buffer,
    by: { readonly key: string; readonly actor: Actor },
  ) => Promise<{ readonly image: string } | Refusal>;
  /** An image in clear, after it was written down who looks at it. */
  readonly open: (
    image: string,
    actor: Actor,
  ) => Promise<{ readonly type: ImageType; readonly bytes: Buffer } | Refusal>;
};

const FIELD = 'image';
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Images in files beside the log, each sealed under the dancer's own key and named by the SHA-256 of its sealed bytes: who
 * destroys her key has destroyed them. `folder` is made with the first one.
 */
export function openImages(
  { reads, seal }: Deciding,
  queue: CommandQueue,
  { newId, folder }: { readonly newId: NewId; readonly folder: string },
): Images {
  const fileOf = (hash: string) => path.join(folder, `${hash}.sealed`);
  const isErased = (dancer: string): boolean => {
    const row = reads.dancers.dancer(dancer);
    return row !== undefined && seal.open(dancer, 'legal_name', row.legalName) === null;
  };
  return {
    attach: async (of, bytes, { key, actor }) => {
      const { dancer, credential } = of;
      const type = imageType(bytes);
      if (type === null) return 'image_invalid';
      // Sealing would make a new key for her.
      if (isErased(dancer)) return 'record_erased';
      const isKnown = reads.dancers.dancer(dancer) !== undefined;
      if (!isKnown) return credential === null ? 'dancer_unknown' : 'credential_unknown';
      const sealed = seal.sealBytes(dancer, FIELD, bytes);
      const hash = sha256(sealed);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeWhole(fileOf(hash), sealed);
      const content = `image ${JSON.stringify(of)} ${sha256(bytes)}`;
      const decide = (ask: Parameters<typeof attachImage>[3]) =>
        attachImage(isKnown, of, { hash, bytes: bytes.length, type }, ask);
      const answer = await queue.submit({ key, content, actor, decide });
      // A repeat got the first answer, whose file is there already.
      const kept = answer.ok ? reads.roster.image(answer.id)?.hash : undefined;
      if (kept !== hash) rmSync(fileOf(hash));
      return answer.ok ? { image: answer.id } : answer.refusal;
    },
    open: async (image, actor) => {
      const row = reads.roster.image(image);
      const answer = await queue.submit({ key: newId(), content: '', actor, decide: (ask) => openImage(row, ask) });
      if (!answer.ok) return answer.refusal;
      const sealed = row ? readIfThere(fileOf(row.hash)) : null;
      if (!row || sealed === null || sha256(sealed) !== row.hash) return 'image_gone';
      const bytes = seal.openBytes(row.dancer, FIELD, sealed);
      return bytes === null ? 'record_erased' : { type: row.type, bytes };
    },
  };
}
