import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { sendProblem } from './problem.ts';

/** `/healthz`: this process answers. `/readyz`: it can serve, the database included. */
export function healthRoutes(app: FastifyInstance, pool: Pool): void {
  app.get('/healthz', { schema: { hide: true } }, () => ({ ok: true }));
  app.get('/readyz', { schema: { hide: true } }, async (request, reply) => {
    try {
      await pool.query('SELECT 1');
      return { ok: true };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return sendProblem(reply, 'not_ready');
    }
  });
}
