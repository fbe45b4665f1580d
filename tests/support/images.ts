/** Whole files of the kinds that are kept, as small as they can be, with some bytes of their own inside. */

const four = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const chunk = (kind: string, data: Buffer): Buffer =>
  Buffer.concat([four(data.length), Buffer.from(kind, 'latin1'), data, four(0)]);

export type Made = { readonly width?: number; readonly height?: number; readonly inside?: string };

export function pngOf({ width = 8, height = 8, inside = '' }: Made = {}): Buffer {
  const head = Buffer.concat([four(width), four(height), Buffer.from([8, 2, 0, 0, 0])]);
  const parts = [chunk('IHDR', head), chunk('IDAT', Buffer.from(inside, 'latin1')), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

/** With a small picture in its header, as phones have it: that one's end is not the end of the file. */
export function jpegOf({ width = 8, height = 8, inside = '' }: Made = {}): Buffer {
  const small = Buffer.from('ffe10008ffd8ffd90000', 'hex').subarray(0, 10);
  const frame = Buffer.from('ffc0000b080000000001011100', 'hex');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const scan = Buffer.from('ffda0008010100003f00', 'hex');
  const start = Buffer.from('ffd8', 'hex');
  return Buffer.concat([start, small, frame, scan, Buffer.from(inside, 'latin1'), Buffer.from('ffd9', 'hex')]);
}

/** Of the three kinds of WebP. */
export function webpOf(kind: 'VP8 ' | 'VP8L' | 'VP8X', { width = 8, height = 8 }: Made = {}): Buffer {
  const data = Buffer.alloc(10);
  if (kind === 'VP8 ') {
    data.writeUInt16LE(width, 6);
    data.writeUInt16LE(height, 8);
  } else if (kind === 'VP8L') data.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  else {
    data.writeUIntLE(width - 1, 4, 3);
    data.writeUIntLE(height - 1, 7, 3);
  }
  const bytes = Buffer.concat([
    Buffer.from('RIFF....WEBP', 'latin1'),
    Buffer.from(kind, 'latin1'),
    Buffer.alloc(4),
    data,
  ]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(data.length, 16);
  return bytes;
}
