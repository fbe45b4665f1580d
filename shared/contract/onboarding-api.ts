import { Type, type Static } from 'typebox';
import { closed, DateText, Name, Nothing, route } from './api-fields.ts';
import { EngagementWord, oneOf } from './words.ts';

const RefusedWhyWord = oneOf(
  'under_age',
  'papers_missing',
  'stage_name',
  'filled_in_wrongly',
  'withdrawn',
  'not_engaged',
);

/** Commands on what somebody filled in who wants to work here. */
export const ONBOARDING_ROUTES = {
  'onboarding.approve': route(
    '/onboarding-invitations/:invitation/approval',
    'Registers the dancer who filled it in',
    Nothing,
  ),
  'onboarding.refuse': route(
    '/onboarding-invitations/:invitation/refusal',
    'Does not register her, for one of some reasons',
    Type.Object({ reason: RefusedWhyWord }, closed),
  ),
} as const;

/** POST /onboarding (anyone with a good code): what she says of herself. */
export const OnboardingForm = Type.Object(
  {
    code: Type.String({ minLength: 10, maxLength: 10 }),
    stageName: Name,
    legalName: Name,
    birthDate: DateText,
    engagement: EngagementWord,
  },
  closed,
);
export type OnboardingForm = Static<typeof OnboardingForm>;

/** POST /onboarding-invitations: told once. Her phone opens /onboard.html#CODE, so that the code is in no address that a log sees. */
export type InvitationAnswer = { readonly invitation: string; readonly code: string; readonly expiresAt: number };
/** GET /onboarding-invitations: those of the last days, nothing sealed. */
export type InvitationRow = {
  readonly invitation: string;
  readonly state: string;
  readonly expiresAt: number;
  readonly engagement: string | null;
};
/** POST /onboarding-invitations/:invitation/open: what she filled in, after it was written down who looks. */
export type OpenedApplication = {
  readonly invitation: string;
  readonly stageName: string | null;
  readonly legalName: string | null;
  readonly birthDate: string | null;
};
