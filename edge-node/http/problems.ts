import type { FastifyReply } from 'fastify';
import type { Problem } from '#shared/contract/api.ts';
import { REFUSALS, type Refusal } from '#shared/domain/refusal.ts';

/** HTTP statuses of refusals that are not a conflict with how things stand (409). */
const STATUS: Partial<Record<Refusal, number>> = {
  not_signed_in: 401,
  device_unknown: 401,
  pairing_code_wrong: 403,
  pin_wrong: 403,
  pin_locked: 429,
  not_allowed: 403,
  origin_foreign: 403,
  body_invalid: 400,
  body_too_large: 413,
  table_invalid: 422,
  image_invalid: 415,
  image_unknown: 404,
  image_gone: 404,
  key_missing: 400,
  key_reused: 422,
  route_unknown: 404,
  device_not_found: 404,
  staff_unknown: 404,
  stage_unknown: 404,
  room_unknown: 404,
  drawer_unknown: 404,
  rate_unknown: 404,
  dancer_unknown: 404,
  credential_unknown: 404,
  restriction_unknown: 404,
  fee_unknown: 404,
  area_unknown: 404,
  record_unknown: 404,
  night_unknown: 404,
  person_unknown: 404,
  ban_unknown: 404,
  entry_unknown: 404,
  stage_set_unknown: 404,
  track_unknown: 404,
  feature_unknown: 404,
  session_unknown: 404,
  tip_out_unknown: 404,
  ledger_entry_unknown: 404,
  disk_full: 507,
  box_busy: 503,
  box_fenced: 503,
  box_recovering: 503,
  box_fault: 500,
};

/** RFC 9457 problem details. Never a stack trace. */
export function problem(refusal: Refusal, more: Pick<Problem, 'detail' | 'current'> = {}): Problem {
  return {
    type: `urn:clubops:refusal:${refusal}`,
    title: REFUSALS[refusal],
    status: STATUS[refusal] ?? 409,
    code: refusal,
    ...more,
  };
}

export function sendProblem(
  reply: FastifyReply,
  refusal: Refusal,
  more: Pick<Problem, 'detail' | 'current'> = {},
): FastifyReply {
  const body = problem(refusal, more);
  return reply.code(body.status).type('application/problem+json').send(body);
}
