import { expect, test } from 'vitest';
import { attachImage, imageType, openImage } from '#shared/domain/image.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf } from '../support/rules.ts';

const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const FILE = { hash: 'ab', bytes: 12, type: 'image/png' } as const;

test('an image is told by what is in it, never by a name', () => {
  expect(imageType(bytes('\xff\xd8\xff\xe0..'))).toBe('image/jpeg');
  expect(imageType(bytes('\x89PNG\r\n\x1a\n..'))).toBe('image/png');
  expect(imageType(bytes('RIFF....WEBPVP8 '))).toBe('image/webp');
  const others = ['RIFF....WAVE', '<svg xmlns="">', 'GIF89a', '%PDF-1.7', '\xff\xd8', ''];
  expect(others.map((text) => imageType(bytes(text)))).toEqual(others.map(() => null));
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
