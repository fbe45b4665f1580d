import type { FastifyError, FastifyInstance } from 'fastify';
import { sendProblem, type ProblemCode } from './problem.ts';

const BY_FASTIFY_CODE: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_VALIDATION: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
};

/** What went wrong becomes a problem with a code; what we did not foresee is logged, and says nothing outside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = BY_FASTIFY_CODE[error.code];
    if (known) return sendProblem(reply, known, known === 'invalid_request' ? error.message : null);
    request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, 'internal');
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not_found'));
}
