import { installPack, setPolicy, type Nights } from '#shared/domain/policy-pack.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const policyCommands: Deciders<'policy_pack.install' | 'club_policy.set'> = {
  'policy_pack.install': ({ reads }, { pack }) => installPack(reads.policy.packs(), pack, nightsOf(reads)),
  'club_policy.set': ({ reads }, input, ask) =>
    reads.club.settings()
      ? setPolicy(reads.policy.packs(), input, nightsOf(reads), ask)
      : refuse('club_not_configured'),
};

function nightsOf(reads: Reads): Nights {
  const dates = reads.day.nights().map(({ date }) => date);
  return { lastDate: dates.toSorted().at(-1) ?? null };
}
