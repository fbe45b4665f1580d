import type { Engagement } from './event.ts';

export type AgreementKind = 'contract' | 'house_rules' | 'media_release' | 'tax_form';
/** What of a dancer's person was put right. */
export type PersonField = 'legal_name' | 'birth_date';

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

/** What happens to the roster beside a registration. Legal names, birth dates and signatures are sealed under the dancer. */
export type RosterBodies = {
  'dancer.corrected': { readonly dancer: string; readonly fields: readonly PersonField[]; readonly by: string };
  /** Holds from the night of `effectiveFrom` on, until a later one does. */
  'dancer.engagement_set': {
    readonly dancer: string;
    readonly engagement: Engagement;
    readonly effectiveFrom: string;
    readonly by: string;
  };
  /** A further name that she dances under; the first one is the shared field. */
  'dancer.stage_name_added': { readonly dancer: string; readonly stageName: string };
  'dancer.stage_name_dropped': { readonly dancer: string; readonly stageName: string };
  /** `expiresOn` is the last date that it holds on; null: until somebody lifts it. */
  'dancer.restriction_dated': {
    readonly restriction: string;
    readonly dancer: string;
    readonly reviewOn: string | null;
    readonly expiresOn: string | null;
    readonly by: string;
  };
  /** Her signature is sealed; `textHash` is the SHA-256 of what she was shown, in hex. */
  'agreement.signed': {
    readonly agreement: string;
    readonly dancer: string;
    readonly kind: AgreementKind;
    readonly version: string;
    readonly textHash: string;
    readonly by: string;
  };
  /** `hash` is the SHA-256 of the sealed file, in hex; `bytes` the size of the image in it. A photo is of no credential. */
  'image.attached': {
    readonly image: string;
    readonly dancer: string;
    readonly credential: string | null;
    readonly hash: string;
    readonly bytes: number;
    readonly type: ImageType;
    readonly by: string;
  };
  'image.opened': { readonly image: string; readonly dancer: string; readonly by: string };
  /** Somebody took the whole roster with all that is sealed in it. */
  'roster.exported': { readonly dancers: number; readonly by: string };
};
