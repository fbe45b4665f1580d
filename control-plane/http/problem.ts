import type { FastifyReply } from 'fastify';

/** Every refusal of the API, with its HTTP status and what it says to a person. */
const PROBLEMS = {
  invalid_request: [400, 'The request is not as described'],
  not_signed_in: [401, 'Sign in first'],
  not_found: [404, 'There is nothing here'],
  org_unknown: [404, 'There is no such organisation'],
  club_unknown: [404, 'There is no such club'],
  log_unknown: [404, 'This club has no log yet'],
  node_unknown: [404, 'This club has no node'],
  code_unknown: [403, 'This enrolment code is not known'],
  code_used: [409, 'This enrolment code was used before'],
  code_expired: [410, 'This enrolment code has expired'],
  box_silent: [404, 'No box of this club ever said how it is'],
  alert_unknown: [404, 'There is no such open alert'],
  quarantine_unknown: [404, 'No such event waits in quarantine'],
  earlier_held: [409, 'An earlier event of the same thing waits: decide about that one first'],
  club_has_node: [409, 'This club has a node already: revoke it first'],
  node_id_taken: [409, 'This node id was enrolled before: a node never gets a second place'],
  restriction_unknown: [404, 'There is no such restriction'],
  review_unknown: [404, 'There is no such review'],
  restriction_lifted: [409, 'This restriction was lifted already'],
  review_decided: [409, 'This review was decided already'],
  not_yours_to_set: [409, 'Headquarters does not set this'],
  overridden: [409, 'The club has a later value: look at it first'],
  version_old: [409, 'There is a newer version already'],
  too_large: [413, 'The request is too large'],
  media_type_unsupported: [415, 'This media type is not understood'],
  not_ready: [503, 'Not ready to serve'],
  internal: [500, 'Something broke on our side'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;
export type ProblemCode = keyof typeof PROBLEMS;

export function sendProblem(reply: FastifyReply, code: ProblemCode, detail: string | null = null): FastifyReply {
  const [status, title] = PROBLEMS[code];
  const body = { type: `urn:clubops:problem:${code}`, title, status, code, ...(detail === null ? {} : { detail }) };
  // Written here, as the route's schema is that of its success.
  return reply.code(status).type('application/problem+json').serializer(String).send(JSON.stringify(body));
}
