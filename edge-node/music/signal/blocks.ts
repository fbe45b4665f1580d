/**
 * Cuts a stream of bytes into blocks of one second of interleaved 32-bit stereo. `onBlock` may keep the block: each has its
 * own memory where `keeps` is true, else all share one.
 */
export function blocksOf(
  sampleRate: number,
  {
    keeps,
    onBlock,
  }: { readonly keeps: () => boolean; readonly onBlock: (block: Float32Array, frames: number) => void },
): { readonly add: (chunk: Buffer) => void; readonly end: () => void } {
  const size = sampleRate * 2 * Float32Array.BYTES_PER_ELEMENT;
  let block = new Float32Array(sampleRate * 2);
  let filled = 0;
  return {
    add: (chunk) => {
      for (let from = 0; from < chunk.length;) {
        const part = Math.min(size - filled, chunk.length - from);
        new Uint8Array(block.buffer).set(chunk.subarray(from, from + part), filled);
        filled += part;
        from += part;
        if (filled < size) continue;
        onBlock(block, sampleRate);
        if (keeps()) block = new Float32Array(sampleRate * 2);
        filled = 0;
      }
    },
    end: () => {
      const frames = Math.floor(filled / (2 * Float32Array.BYTES_PER_ELEMENT));
      filled = 0;
      if (frames > 0) onBlock(block.subarray(0, frames * 2), frames);
    },
  };
}
