import type { Engagement } from './event.ts';

export type OnboardingBodies = {
  /** Of the code that she is given only the hash is written (SHA-256, base64url). */
  'onboarding.invited': { readonly invitation: string; readonly codeHash: string; readonly expiresAt: number };
  /** Names and birth date are sealed under the invitation. */
  'onboarding.applied': { readonly invitation: string; readonly engagement: Engagement };
  /** Somebody looked at what she filled in. */
  'onboarding.opened': { readonly invitation: string };
  'onboarding.approved': { readonly invitation: string; readonly dancer: string };
  'onboarding.refused': { readonly invitation: string; readonly reason: string };
};
