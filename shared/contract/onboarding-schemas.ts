import { Type, type TSchema } from 'typebox';
import type { OnboardingBodies } from '#shared/domain/onboarding-events.ts';
import { EngagementWord } from './words.ts';

/** The bodies of the event types about onboarding, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);

export const ONBOARDING_BODIES = {
  'onboarding.invited': body({ invitation: Id, codeHash: Id, expiresAt: Type.Integer() }),
  'onboarding.applied': body({ invitation: Id, engagement: EngagementWord }),
  'onboarding.opened': body({ invitation: Id }),
  'onboarding.approved': body({ invitation: Id, dancer: Id }),
  'onboarding.refused': body({ invitation: Id, reason: Type.String({ maxLength: 500 }) }),
} as const satisfies Record<keyof OnboardingBodies, TSchema>;
