/** Seven bits a byte. */
function spread(length: number): readonly number[] {
  return [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
}

/** One frame of ID3v2.4 (or 2.3, which is the same below 128 bytes). */
export function frame(id: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(id, 'latin1'), Buffer.from([...spread(body.length), 0, 0]), body]);
}

export function text(id: string, value: string): Buffer {
  return frame(id, Buffer.from(`\x03${value}`));
}

/** A whole tag; a size of one's own is a lie. */
export function id3(
  frames: readonly Buffer[],
  { version = 4, flags = 0, size = null }: { version?: number; flags?: number; size?: number | null } = {},
): Buffer {
  const body = Buffer.concat(frames);
  const head = Buffer.from([0x49, 0x44, 0x33, version, 0, flags, ...spread(size ?? body.length)]);
  return Buffer.concat([head, body]);
}

export function picture(mime: string, content: Buffer): Buffer {
  return frame('APIC', Buffer.concat([Buffer.from(`\0${mime}\0\x03\0`, 'latin1'), content]));
}
