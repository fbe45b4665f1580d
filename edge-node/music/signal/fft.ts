/** The power of each frequency in `size` real samples (a power of two), windowed after Hann; the lower half of the bins. */
export function spectrum(size: number): (samples: Float32Array) => Float64Array {
  const window = Float64Array.from({ length: size }, (_none, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size));
  const cosines = Float64Array.from({ length: size / 2 }, (_none, at) => Math.cos((2 * Math.PI * at) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_none, at) => -Math.sin((2 * Math.PI * at) / size));
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_none, at) => reverse(at, bits));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const power = new Float64Array(size / 2);
  return (samples) => {
    for (let at = 0; at < size; at += 1) real[reversed[at] ?? 0] = (samples[at] ?? 0) * (window[at] ?? 0);
    imaginary.fill(0);
    for (let span = 1; span < size; span *= 2) butterflies({ real, imaginary, cosines, sines, span });
    for (let at = 0; at < size / 2; at += 1) power[at] = (real[at] ?? 0) ** 2 + (imaginary[at] ?? 0) ** 2;
    return power;
  };
}

function reverse(value: number, bits: number): number {
  let turned = 0;
  for (let bit = 0; bit < bits; bit += 1) turned |= ((value >>> bit) & 1) << (bits - 1 - bit);
  return turned;
}

type Butterflies = Readonly<Record<'real' | 'imaginary' | 'cosines' | 'sines', Float64Array>> & {
  readonly span: number;
};

function butterflies({ real, imaginary, cosines, sines, span }: Butterflies): void {
  const size = real.length;
  const stride = size / (2 * span);
  for (let start = 0; start < size; start += 2 * span) {
    for (let step = 0; step < span; step += 1) {
      const low = start + step;
      const high = low + span;
      const c = cosines[step * stride] ?? 0;
      const s = sines[step * stride] ?? 0;
      const re = (real[high] ?? 0) * c - (imaginary[high] ?? 0) * s;
      const im = (real[high] ?? 0) * s + (imaginary[high] ?? 0) * c;
      real[high] = (real[low] ?? 0) - re;
      imaginary[high] = (imaginary[low] ?? 0) - im;
      real[low] = (real[low] ?? 0) + re;
      imaginary[low] = (imaginary[low] ?? 0) + im;
    }
  }
}
