import type { Vessel } from '../wide-pipe.ts';

/**
 * Takes a stream of bytes in as blocks of one second of interleaved 32-bit stereo. `onBlock` may keep the block: each has its
 * own memory where `keeps` is true, else all share one.
 */
export function blocksOf(
  sampleRate: number,
  {
    keeps,
    onBlock,
  }: { readonly keeps: () => boolean; readonly onBlock: (block: Float32Array, frames: number) => void },
): Vessel & { readonly end: () => void } {
  let block = new Float32Array(sampleRate * 2);
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
      block = new Float32Array(sampleRate * 2);
      bytes = new Uint8Array(block.buffer);
    },
    end: () => {
      const frames = Math.floor(at / (2 * Float32Array.BYTES_PER_ELEMENT));
      at = 0;
      if (frames > 0) onBlock(block.subarray(0, frames * 2), frames);
    },
  };
}
