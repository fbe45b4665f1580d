import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const WINDOW_BYTES = 256 * 1024;

/** A file that is read here and there, mostly forward. Nothing beyond its end: what is asked there comes back shorter. */
export type ByteReader = {
  readonly size: number;
  readonly at: (offset: number, length: number) => Buffer;
  readonly close: () => void;
};

export function openBytes(file: string): ByteReader {
  const handle = openSync(file, 'r');
  const { size } = fstatSync(handle);
  const window = Buffer.alloc(WINDOW_BYTES);
  let from = 0;
  let to = 0;
  const read = (target: Buffer, offset: number): number => {
    let got = 0;
    while (got < target.length) {
      const more = readSync(handle, target, got, target.length - got, offset + got);
      if (more === 0) break;
      got += more;
    }
    return got;
  };
  return {
    size,
    at: (offset, length) => {
      if (offset < 0 || offset >= size || length <= 0) return Buffer.alloc(0);
      if (length > WINDOW_BYTES) {
        const own = Buffer.alloc(Math.min(length, size - offset));
        return own.subarray(0, read(own, offset));
      }
      if (offset < from || offset + length > to) {
        to = offset + read(window, offset);
        from = offset;
      }
      return window.subarray(offset - from, Math.min(offset - from + length, to - from));
    },
    close: () => closeSync(handle),
  };
}
