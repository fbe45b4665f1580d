import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { ImageType } from './roster-events.ts';

/** More than any phone's camera has: a small file of more points than this is made to fill whoever opens it. */
const PIXELS_MAX = 64_000_000;

type Size = { readonly width: number; readonly height: number };

const READERS: readonly (readonly [type: ImageType, sizeOf: (bytes: DataView) => Size | null])[] = [
  ['image/jpeg', jpegSize],
  ['image/png', pngSize],
  ['image/webp', webpSize],
];

/** What kind of image some bytes are; null for what is none that is kept here, was cut off, or has too many points. A name or a header may lie. */
export function imageType(bytes: Uint8Array): ImageType | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [type, sizeOf] of READERS) {
    const size = sizeOf(view);
    if (size) return size.width > 0 && size.height > 0 && size.width * size.height <= PIXELS_MAX ? type : null;
  }
  return null;
}

const has = (view: DataView, at: number, bytes: number): boolean => at + bytes <= view.byteLength;

function saysAt(view: DataView, at: number, text: string): boolean {
  return has(view, at, text.length) && Array.from(text, (one) => one.charCodeAt(0)).every(isAt(view, at));
}
const isAt = (view: DataView, at: number) => (byte: number, place: number) => view.getUint8(at + place) === byte;

/** ITU T.81: segments up to the scan, one of which has the size, and an end behind it. */
function jpegSize(view: DataView): Size | null {
  if (!saysAt(view, 0, '\xff\xd8\xff')) return null;
  let size: Size | null = null;
  let at = 2;
  while (has(view, at, 4) && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) return hasEnd(view, at) ? size : null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && has(view, at, 9)) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function hasEnd(view: DataView, from: number): boolean {
  for (let at = view.byteLength - 2; at > from; at -= 1) if (view.getUint16(at) === 0xff_d9) return true;
  return false;
}

/** ISO/IEC 15948: chunks, the first with the size, up to the one that ends it. */
function pngSize(view: DataView): Size | null {
  if (!saysAt(view, 0, '\x89PNG\r\n\x1a\n') || !saysAt(view, 12, 'IHDR') || !has(view, 16, 8)) return null;
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  for (let at = 8; has(view, at, 12); at += 12 + view.getUint32(at)) if (saysAt(view, at + 4, 'IEND')) return size;
  return null;
}

/** RFC 9649: as long as it says, and a first chunk of one of three kinds with the size. */
function webpSize(view: DataView): Size | null {
  if (!saysAt(view, 0, 'RIFF') || !saysAt(view, 8, 'WEBP') || !has(view, 20, 10)) return null;
  if (!has(view, 8, view.getUint32(4, true))) return null;
  const low = (at: number): number => view.getUint16(at, true);
  if (saysAt(view, 12, 'VP8 ')) return { width: low(26) & 0x3f_ff, height: low(28) & 0x3f_ff };
  const bits = view.getUint32(21, true);
  if (saysAt(view, 12, 'VP8L')) return { width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 };
  if (!saysAt(view, 12, 'VP8X')) return null;
  const size24 = (at: number): number => low(at) + view.getUint8(at + 2) * 0x1_00_00 + 1;
  return { width: size24(24), height: size24(27) };
}

export type ImageOf = {
  readonly dancer: string;
  /** The paper that it is a copy of; null for her photo. */
  readonly credential: string | null;
};

/** A photo of hers, or a copy of a paper. The image itself is in no event: `file` tells its sealed file. */
export function attachImage(
  isKnown: boolean,
  { dancer, credential }: ImageOf,
  file: { readonly hash: string; readonly bytes: number; readonly type: ImageType },
  ask: Asking,
): Decision<EventOf<'image.attached'>, Refusal> {
  if (!isKnown) return refuse(credential === null ? 'dancer_unknown' : 'credential_unknown');
  return accept(event('image.attached', { image: ask.id, dancer, credential, ...file, by: ask.by }, [dancer]));
}

/** Looking at an image is itself written down. */
export function openImage(
  fact: { readonly image: string; readonly dancer: string } | undefined,
  ask: Asking,
): Decision<EventOf<'image.opened'>, Refusal> {
  if (!fact) return refuse('image_unknown');
  const { image, dancer } = fact;
  return accept(event('image.opened', { image, dancer, by: ask.by }, [dancer]));
}
