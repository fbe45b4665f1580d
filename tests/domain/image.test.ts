import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachImage, imageType, openImage } from '#shared/domain/image.ts';
import { refuse } from '#shared/kit/decision.ts';
import { jpegOf, pngOf, webpOf } from '../support/images.ts';
import { asking, eventOf } from '../support/rules.ts';

const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const FILE = { hash: 'ab', bytes: 12, type: 'image/png' } as const;

test('an image is told by what is in it, never by a name', () => {
  expect(imageType(jpegOf())).toBe('image/jpeg');
  expect(imageType(pngOf())).toBe('image/png');
  for (const kind of ['VP8 ', 'VP8L', 'VP8X'] as const) expect(imageType(webpOf(kind))).toBe('image/webp');
  const others = ['RIFF....WAVE', '<svg xmlns="">', 'GIF89a', '%PDF-1.7', '\xff\xd8', ''];
  expect(others.map((text) => imageType(bytes(text)))).toEqual(others.map(() => null));
});

test('an image that was cut off anywhere is none (property)', () => {
  const whole = [jpegOf({ inside: 'pixels' }), pngOf({ inside: 'pixels' }), webpOf('VP8 '), webpOf('VP8X')];
  fc.assert(
    fc.property(fc.constantFrom(...whole), fc.double({ min: 0, max: 0.999, noNaN: true }), (image, part) => {
      // What PNG has behind the name of its last chunk is that chunk's own check.
      const kept = Math.min(Math.floor(image.length * part), image.length - 5);
      expect(imageType(image.subarray(0, kept))).toBeNull();
    }),
  );
});

test('a page that begins like an image, and one of more points than a camera has, is none', () => {
  expect(imageType(bytes('\xff\xd8\xff<script>alert(1)</script>'))).toBeNull();
  expect(imageType(bytes('\x89PNG\r\n\x1a\n<script>alert(1)</script>'))).toBeNull();
  const bomb = { width: 65_000, height: 65_000 };
  expect([pngOf(bomb), jpegOf(bomb), webpOf('VP8X', bomb)].map(imageType)).toEqual([null, null, null]);
  expect([pngOf({ width: 0 }), jpegOf({ height: 0 })].map(imageType)).toEqual([null, null]);
  const camera = { width: 8_000, height: 8_000 };
  expect([pngOf(camera), jpegOf(camera)].map(imageType)).toEqual(['image/png', 'image/jpeg']);
});

test('bytes of any kind are looked at without a fault (property)', () => {
  const starts = [jpegOf(), pngOf(), webpOf('VP8L')].map((image) => image.subarray(0, 20));
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 80 }), (start, rest) => {
      expect([null, 'image/jpeg', 'image/png', 'image/webp']).toContain(imageType(Buffer.concat([start, rest])));
    }),
  );
});

test('an image is of a known dancer or of a known paper, and tells its sealed file', () => {
  const made = eventOf(attachImage(true, { dancer: 'jade', credential: null }, FILE, asking()));
  expect(made).toMatchObject({ sub: ['jade'], body: { image: 'born', dancer: 'jade', credential: null, ...FILE } });
  const unknown = (credential: string | null) => attachImage(false, { dancer: 'x', credential }, FILE, asking());
  expect([unknown(null), unknown('card')]).toEqual([refuse('dancer_unknown'), refuse('credential_unknown')]);
});

test('looking at an image is an event, and one that nobody knows is refused', () => {
  const made = eventOf(openImage({ image: 'i', dancer: 'jade' }, asking()));
  expect(made.body).toEqual({ image: 'i', dancer: 'jade', by: 'staff-1' });
  expect(openImage(undefined, asking())).toEqual(refuse('image_unknown'));
});
