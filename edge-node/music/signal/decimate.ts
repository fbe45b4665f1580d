/** Both channels as one, at an eighth of the rate: enough for beats and keys, which live below two kilohertz. */
export const DECIMATION = 8;

type Channels = { readonly left: Float32Array; readonly right: Float32Array; readonly at: number };

/** Means of eight frames; what is left over at a block's end waits for the next block. */
export function decimator(): (channels: Channels, frames: number) => Float32Array {
  let rest = 0;
  let count = 0;
  return ({ left, right, at: offset }, frames) => {
    const low = new Float32Array(Math.floor((count + frames) / DECIMATION));
    let sum = rest;
    let taken = count;
    let made = 0;
    for (let at = offset; at < offset + frames; at += 1) {
      sum += (left[at] ?? 0) + (right[at] ?? 0);
      taken += 1;
      if (taken < DECIMATION) continue;
      low[made] = sum / (2 * DECIMATION);
      made += 1;
      sum = 0;
      taken = 0;
    }
    rest = sum;
    count = taken;
    return low;
  };
}
