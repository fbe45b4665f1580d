/** Where ids and keys get their chance from: the system's, or a seed in a simulation. */
export type Random = (bytes: number) => Buffer;
export type NewId = () => string;

/** UUIDv7 (RFC 9562): 48 bits of time first, so that what is born together lies together. */
export function uuidv7(wall: () => number, random: Random): NewId {
  return () => {
    const bytes = random(16);
    bytes.writeUIntBE(Math.max(0, wall()), 0, 6);
    bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x70;
    bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
