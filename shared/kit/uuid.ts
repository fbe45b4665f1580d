const HEX = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));

/**
 * UUIDv7 (RFC 9562): 48 bits of `now` (epoch milliseconds), then ten bytes of chance, of which six bits give way to version and
 * variant. Time first, so that what is made together lies together in an index.
 */
export function uuidv7(now: number, chance: Uint8Array): string {
  const time = Math.floor(Math.max(0, now)).toString(16).padStart(12, '0').slice(-12);
  const at = (index: number): string => HEX[chance[index] ?? 0] ?? '';
  const version = HEX[0x70 | ((chance[0] ?? 0) & 0x0f)] ?? '';
  const variant = HEX[0x80 | ((chance[2] ?? 0) & 0x3f)] ?? '';
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${at(1)}-${variant}${at(3)}-${at(4)}${at(5)}${at(6)}${at(7)}${at(8)}${at(9)}`;
}
