import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { ImageType } from './roster-events.ts';

/** By what a file begins with, and at which byte: a name or a header may lie. */
const MARKS: readonly (readonly [
  type: ImageType,
  marks: readonly (readonly [at: number, bytes: readonly number[]])[],
])[] = [
  ['image/jpeg', [[0, [0xff, 0xd8, 0xff]]]],
  ['image/png', [[0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]]]],
  [
    'image/webp',
    [
      [0, [0x52, 0x49, 0x46, 0x46]],
      [8, [0x57, 0x45, 0x42, 0x50]],
    ],
  ],
];

/** What kind of image some bytes are; null for what is none that is kept here. */
export function imageType(bytes: Uint8Array): ImageType | null {
  const found = MARKS.find(([, marks]) =>
    marks.every(([at, mark]) => mark.every((byte, place) => bytes[at + place] === byte)),
  );
  return found?.[0] ?? null;
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
