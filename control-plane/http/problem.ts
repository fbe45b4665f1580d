import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

/** RFC 9457 problem details. A program decides by `code`; `detail` is for people and may change. */
export const Problem = Type.Object(
  {
    type: Type.Literal('about:blank'),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
  },
  { $id: 'Problem' },
);

/** Every refusal of the API, with its HTTP status. */
export const PROBLEM_STATUS = {
  invalid_request: 400,
  not_signed_in: 401,
  not_found: 404,
  org_unknown: 404,
  club_unknown: 404,
  log_unknown: 404,
  node_unknown: 404,
  code_unknown: 403,
  code_used: 409,
  code_expired: 410,
  club_has_node: 409,
  too_large: 413,
  media_type_unsupported: 415,
  slow: 503,
  internal: 500,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;

export function sendProblem(reply: FastifyReply, code: ProblemCode, detail: string | null = null): FastifyReply {
  const status = PROBLEM_STATUS[code];
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, code, ...(detail === null ? {} : { detail }) };
  // A string, as the answer's schema for this status is that of success or missing.
  return reply.code(status).type('application/problem+json').serializer(String).send(JSON.stringify(body));
}
