import { openAssets } from '../../../edge-node/assets.ts';
import { openDatabase } from '../../../edge-node/db/open.ts';
import { CLUB_COMMANDS, runDomain, type Tally } from './run.ts';

export type DomainOptions = { readonly commands: number; readonly from: number; readonly say: (text: string) => void };

/** npm run sim -- --domain: clubs in a row, one seed each, until so many commands were given. */
export async function runDomains({ commands, from, say }: DomainOptions) {
  const fresh = openDatabase(':memory:', openAssets(), null);
  const totals = new Map<string, Tally>();
  const result = { seeds: 0, commands: 0, accepted: 0, events: 0, breaches: 0, first: null as number | null };
  for (let seed = from; result.commands < commands; seed += 1) {
    const one = await runDomain(seed, Math.min(CLUB_COMMANDS, commands - result.commands), fresh);
    result.seeds += 1;
    result.commands += one.commands;
    result.accepted += one.accepted;
    result.events += one.events;
    for (const [name, { given, accepted, refused }] of one.byCommand) {
      const total = totals.get(name) ?? { given: 0, accepted: 0, refused: new Map() };
      for (const [code, times] of refused) total.refused.set(code, (total.refused.get(code) ?? 0) + times);
      totals.set(name, { ...total, given: total.given + given, accepted: total.accepted + accepted });
    }
    if (one.breach !== null) {
      result.breaches += 1;
      result.first ??= seed;
      say(`seed ${seed}: ${one.breach}`);
      if (one.commands === 0) break;
    }
    say(`${result.commands} commands, ${result.accepted} accepted, ${result.events} events`);
  }
  fresh.sqlite.close();
  const never = [...totals].filter(([, { accepted }]) => accepted === 0).map(([name]) => name);
  return { ...result, refusals: codesOf(totals.values()).size, totals, never };
}

/** Codes of refusal that were seen. */
export function codesOf(tallies: Iterable<Tally>): ReadonlySet<string> {
  return new Set([...tallies].flatMap(({ refused }) => [...refused.keys()]));
}
