import { createPublicKey } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { EnrolAnswer, EnrolRequest, UPLINK_PATHS } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { sendProblem } from '../../http/problem.ts';
import { limits } from '../../limits.ts';
import { CLUB_ID_PATTERN, clubOf } from '../../public-id.ts';
import { enrol, issueCode } from './enrol.ts';

const newCode = {
  params: Type.Object({ clubId: Type.String({ pattern: CLUB_ID_PATTERN }) }, { additionalProperties: false }),
  body: Type.Optional(
    Type.Union([
      Type.Null(),
      /** `replace`: the new box takes the place of the club's present one, which is fenced when the code is used. */
      Type.Object({ replace: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    ]),
  ),
  response: { 201: Type.Object({ code: Type.String(), expiresAt: Type.String() }) },
};

/** The administrator makes codes. */
export function enrolmentCodeRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/clubs/:clubId/enrolment-codes', { schema: newCode }, async ({ params, body }, reply) => {
      const issued = await issueCode(cloud, { ...clubOf(params.clubId), replaces: body?.replace === true });
      return issued === null ? sendProblem(reply, 'club_unknown') : reply.code(201).send(issued);
    });
  };
}

const enrolment = { body: EnrolRequest, response: { 200: EnrolAnswer } };

/** A node spends one. Not signed: the cloud does not know the key yet. */
export function enrolRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(UPLINK_PATHS.enrol, { schema: enrolment, bodyLimit: limits.edgeJsonBytesMax }, async ({ body }, reply) => {
      if (!isKey(body.publicKey)) return sendProblem(reply, 'invalid_request', 'publicKey is no Ed25519 key');
      const answer = await enrol(cloud, body);
      return typeof answer === 'string' ? sendProblem(reply, answer) : answer;
    });
  };
}

function isKey(jwk: EnrolRequest['publicKey']): boolean {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }).x === jwk.x;
  } catch {
    return false;
  }
}
