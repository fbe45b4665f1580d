import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextHash } from '#shared/log/chain.ts';
import { chainOver } from '../../control-plane/features/ingest/chain-bytes.ts';

const lines = fc.array(
  fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text)),
  { maxLength: 8 },
);

test("hashing a batch's bytes is the same as hashing its lines one by one", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), lines, (from, batch) => {
      const oneByOne = batch.reduce<Buffer>((hash, line) => nextHash(hash, line), Buffer.from(from));
      expect(chainOver(Buffer.from(from), Buffer.from(batch.join('\n')))).toEqual(oneByOne);
    }),
  );
});
