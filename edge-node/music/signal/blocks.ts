import type { Vessel } from '../wide-pipe.ts';

const IDLE_MS = 5_000;

let spare: Float32Array<ArrayBuffer>[] = [];
let forget: NodeJS.Timeout | undefined;

/** Blocks that nobody keeps any more: the next track needs as many, and new memory costs more than what is reckoned of it. */
export function giveBack(blocks: readonly Float32Array<ArrayBuffer>[]): void {
  // The last block of a track is a part of one.
  spare.push(...blocks.filter(({ buffer, length }) => buffer.byteLength === length * Float32Array.BYTES_PER_ELEMENT));
  clearTimeout(forget);
  forget = setTimeout(() => (spare = []), IDLE_MS).unref();
}

function newBlock(length: number): Float32Array<ArrayBuffer> {
  const block = spare.pop();
  return block?.length === length ? block : new Float32Array(length);
}

/**
 * Takes a stream of bytes in as blocks of one second of interleaved 32-bit stereo. `onBlock` may keep the block: each has its
 * own memory where `keeps` is true, else all share one.
 */
export function blocksOf(
  sampleRate: number,
  {
    keeps,
    onBlock,
  }: { readonly keeps: () => boolean; readonly onBlock: (block: Float32Array<ArrayBuffer>, frames: number) => void },
): Vessel & { readonly end: () => void } {
  let block = newBlock(sampleRate * 2);
  let bytes = new Uint8Array(block.buffer);
  let at = 0;
  return {
    room: () => (at === 0 ? bytes : bytes.subarray(at)),
    filled: (count) => {
      at += count;
      if (at < bytes.length) return;
      at = 0;
      onBlock(block, sampleRate);
      if (!keeps()) return;
      block = newBlock(sampleRate * 2);
      bytes = new Uint8Array(block.buffer);
    },
    end: () => {
      const frames = Math.floor(at / (2 * Float32Array.BYTES_PER_ELEMENT));
      at = 0;
      if (frames > 0) onBlock(block.subarray(0, frames * 2), frames);
    },
  };
}
