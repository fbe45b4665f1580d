import type { FastifyInstance } from 'fastify';
import type {
  AlertsAnswer,
  EligibilityAnswer,
  OverrideRow,
  PapersAnswer,
  PolicyAnswer,
} from '#shared/contract/policy-api.ts';
import { allowing } from '#shared/domain/override.ts';
import { minimumAge } from '#shared/domain/policy-pack.ts';
import type { Edge } from '../edge.ts';
import { alertList } from '../state/eligibility.ts';
import { reader } from './reading.ts';

const tags = ['reading'];

/** Who may work and why not, and the rules that say so. Sealed fields are in none of the answers. */
export function policyRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/dancers/:dancer/eligibility',
    { schema: { tags, summary: 'Whether she may work now, with each reason, its rule and its source' } },
    as((_who, { params }) => eligibilityAnswer(edge, (params as Of).dancer)),
  );
  app.get(
    '/api/v1/dancers/:dancer/papers',
    { schema: { tags, summary: 'Her credentials and identity checks, without what is sealed' } },
    as((_who, { params }) => papersAnswer(edge, (params as Of).dancer)),
  );
  app.get(
    '/api/v1/alerts',
    { schema: { tags, summary: 'Papers that end soon, ran out, are missing or were not verified' } },
    as((): AlertsAnswer => alertList(edge.reads, edge.clock.wall())),
  );
  app.get(
    '/api/v1/overrides',
    { schema: { tags, summary: 'Check-ins past a BLOCK, the newest first, with the whole decision' } },
    as(() => overrideRows(edge)),
  );
  app.get(
    '/api/v1/policy',
    { schema: { tags, summary: 'The policy pack of tonight with its rules, and what is set for coming nights' } },
    as(() => policyAnswer(edge)),
  );
  app.get(
    '/api/v1/policy-packs',
    { schema: { tags, summary: 'Every version of every policy pack that this box knows' } },
    as(() => edge.reads.policy.packs()),
  );
}

type Of = { readonly dancer: string };

function eligibilityAnswer(edge: Edge, dancer: string): EligibilityAnswer | null {
  if (!edge.reads.dancers.dancer(dancer)) return null;
  const decision = edge.eligible(dancer);
  const { pack } = edge.reads.policy.on(edge.reads.policy.datesAt(edge.clock.wall()).business);
  const overridable = decision.verdict === 'BLOCK' ? allowing(decision, pack) : null;
  return { ...decision, overridable: overridable?.map(({ rule, roles, second }) => ({ rule, roles, second })) ?? null };
}

function papersAnswer({ reads }: Edge, dancer: string): PapersAnswer | null {
  if (!reads.dancers.dancer(dancer)) return null;
  return {
    credentials: reads.dancers.credentials(dancer).map(({ number, dancer: _of, ...rest }) => ({
      ...rest,
      hasNumber: number !== null,
    })),
    identityChecks: reads.dancers
      .identityChecks(dancer)
      .map(({ identity, document, expiresOn, checkedBy, checkedAt }) => ({
        identity,
        document,
        expiresOn,
        checkedBy,
        checkedAt,
      })),
  };
}

function overrideRows({ reads }: Edge): readonly OverrideRow[] {
  return reads.policy.overrides().map(({ pos, day, at, attendance, dancer, eligibility, body }) => {
    const stageName = reads.dancers.dancer(dancer)?.stageName ?? '';
    return { pos, day, at, attendance, dancer, stageName, eligibility, ...body };
  });
}

function policyAnswer({ reads, clock }: Edge): PolicyAnswer {
  const date = reads.policy.datesAt(clock.wall()).business;
  const policy = reads.policy.on(date);
  return { date, ...policy, minimumAge: minimumAge(policy), set: reads.policy.everySet() };
}
