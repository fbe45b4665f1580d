import type { FastifyInstance } from 'fastify';
import { COMMAND_ROUTES, type Problem } from '#shared/contract/api.ts';
import { forbidding } from '#shared/domain/policy-pack.ts';
import type { FeeKind } from '#shared/domain/policy-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Edge } from '../edge.ts';
import type { CommandInput, RoutedCommand } from '../features/command.ts';
import { sendProblem } from './problems.ts';
import { actorOf } from './reading.ts';

export const IDEMPOTENCY_KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ID = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const ANSWER = {
  200: {
    type: 'object',
    description: 'The events that it made stand in the log from `from` to `to`; `id` is what was born by it.',
    properties: { from: { type: 'integer' }, to: { type: 'integer' }, id: { type: 'string' } },
  },
} as const;

/** One route for each command of the contract: parse, ask, map the answer. */
export function commandRoutes(app: FastifyInstance, edge: Edge): void {
  for (const name of Object.keys(COMMAND_ROUTES) as RoutedCommand[]) {
    const { path, summary, body } = COMMAND_ROUTES[name];
    const params = [...path.matchAll(/:([a-z]+)/g)].map(([, param]) => param ?? '');
    const schema = {
      summary,
      description: 'Carries a client-made UUID as Idempotency-Key: a repeat gets the first answer.',
      operationId: name,
      tags: ['commands'],
      ...(params.length > 0 && {
        params: { type: 'object', properties: Object.fromEntries(params.map((param) => [param, ID])) },
      }),
      body,
      response: ANSWER,
    };
    app.post(`/api/v1${path}`, { schema }, async (request, reply) => {
      const key = request.headers['idempotency-key'];
      if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) return sendProblem(reply, 'key_missing');
      const input = { ...(request.params as object), ...(request.body as object) } as CommandInput<typeof name>;
      const actor = actorOf(edge, request);
      const answer = await edge.command(name, input, { key: key.toLowerCase(), actor });
      if (answer.ok) return { from: answer.from, to: answer.to, id: answer.id };
      return sendProblem(reply, answer.refusal, explained(edge, answer.refusal, input));
    });
  }
}

/** What whoever asked should see beside the refusal. */
function explained(edge: Edge, refusal: Refusal, input: object): Pick<Problem, 'detail' | 'current'> {
  if (refusal === 'entry_changed') return { current: currentRotation(edge, input) };
  if (refusal === 'fee_forbidden') return forbiddenBy(edge, input);
  const isAboutWork = refusal === 'not_eligible' || refusal === 'not_overridable';
  if (isAboutWork && 'dancer' in input && typeof input.dancer === 'string')
    return { current: edge.eligible(input.dancer) };
  return {};
}

/** The rule that forbids a fee, with its source: of a schedule by what holds on its first date, of any other fee by tonight's. */
function forbiddenBy({ reads, clock }: Edge, input: object): Pick<Problem, 'detail' | 'current'> {
  const isSchedule = 'effectiveFrom' in input;
  const kind = isSchedule ? 'late' : 'kind' in input ? (input.kind as FeeKind) : 'carry_forward';
  const date = isSchedule ? String(input.effectiveFrom) : reads.policy.datesAt(clock.wall()).business;
  const rule = forbidding(reads.policy.on(date).pack, kind);
  return rule ? { detail: `${rule.id} (${rule.source})`, current: rule } : {};
}

/** How the rotation stands now, for the one who saw an older one. */
function currentRotation(edge: Edge, input: object): unknown {
  if (!('entry' in input) || typeof input.entry !== 'string') return null;
  const found = edge.reads.rotation.entry(input.entry);
  return found
    ? edge.reads.rotation.ofQueue(found.stage).map(({ entry }) => edge.view.row('entry', entry, 'booth'))
    : null;
}
