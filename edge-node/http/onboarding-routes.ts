import type { FastifyInstance } from 'fastify';
import { OnboardingForm, type InvitationRow } from '#shared/contract/onboarding-api.ts';
import type { Edge } from '../edge.ts';
import { sendProblem } from './problems.ts';
import { actorOf, reader } from './reading.ts';

const tags = ['onboarding'];
const params = {
  type: 'object',
  properties: { invitation: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } },
} as const;

/** Inviting somebody, what she fills in, and looking at it. */
export function onboardingRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.post(
    '/api/v1/onboarding-invitations',
    { schema: { tags, summary: 'Makes a one-time code for somebody who wants to work here, good for a day' } },
    async (request, reply) => {
      const made = await edge.onboarding.invite(actorOf(edge, request));
      return typeof made === 'string' ? sendProblem(reply, made) : made;
    },
  );
  app.get(
    '/api/v1/onboarding-invitations',
    { schema: { tags, summary: 'Who was invited and has filled in, the newest first; nothing sealed' } },
    as((): readonly InvitationRow[] =>
      edge.reads.onboarding
        .newest()
        .map(({ invitation, state, expiresAt, engagement }) => ({ invitation, state, expiresAt, engagement })),
    ),
  );
  app.post<{ Params: { readonly invitation: string } }>(
    '/api/v1/onboarding-invitations/:invitation/open',
    { schema: { tags, summary: 'What she filled in; who looks is written down', params } },
    async (request, reply) => {
      const opened = await edge.onboarding.open(request.params.invitation, actorOf(edge, request));
      return typeof opened === 'string' ? sendProblem(reply, opened) : opened;
    },
  );
  app.post<{ Body: OnboardingForm }>(
    '/api/v1/onboarding',
    {
      schema: {
        tags,
        summary: 'She fills in on her own phone, with the code that she was given',
        body: OnboardingForm,
      },
    },
    async (request, reply) => {
      const applied = await edge.onboarding.apply(request.body, request.ip);
      return typeof applied === 'string' ? sendProblem(reply, applied) : { received: true };
    },
  );
}
