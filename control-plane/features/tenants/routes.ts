import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { CloudCore } from '../../cloud.ts';
import { sendProblem } from '../../http/problem.ts';
import { limits } from '../../limits.ts';
import { CLUB_ID_PATTERN, clubId, clubOf, ORG_ID_PATTERN, orgId, orgOf } from '../../public-id.ts';
import { createClub, createOrg, revokeNode } from './store.ts';

const Name = Type.String({ minLength: 1, maxLength: limits.nameCharsMax, pattern: '^[^\\u0000-\\u001f]+$' });
const OrgId = Type.String({ pattern: ORG_ID_PATTERN });
const ClubId = Type.String({ pattern: CLUB_ID_PATTERN });
const closed = { additionalProperties: false };

const newOrg = {
  body: Type.Object({ name: Name }, closed),
  response: { 201: Type.Object({ orgId: OrgId, name: Name }) },
};
const newClub = {
  body: Type.Object({ orgId: OrgId, name: Name }, closed),
  response: { 201: Type.Object({ clubId: ClubId, orgId: OrgId, name: Name }) },
};
const revocation = {
  params: Type.Object({ clubId: ClubId }, closed),
  response: { 200: Type.Object({ nodeId: Type.String() }) },
};

/** Organisations, their clubs, and taking a club's node away. */
export function tenantRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/orgs', { schema: newOrg }, async ({ body }, reply) => {
      const org = await createOrg(cloud, body.name);
      return reply.code(201).send({ orgId: orgId(org), name: body.name });
    });
    app.post('/clubs', { schema: newClub }, async ({ body }, reply) => {
      const org = orgOf(body.orgId);
      const club = await createClub(cloud, org, body.name);
      if (club === null) return sendProblem(reply, 'org_unknown');
      return reply.code(201).send({ clubId: clubId(org, club), orgId: body.orgId, name: body.name });
    });
    app.post('/clubs/:clubId/node/revoke', { schema: revocation }, async ({ params }, reply) => {
      const nodeId = await revokeNode(cloud, clubOf(params.clubId));
      return nodeId === null ? sendProblem(reply, 'node_unknown') : { nodeId };
    });
  };
}
