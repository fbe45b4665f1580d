import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { Value } from 'typebox/value';
import { COMMAND_ROUTES } from '#shared/contract/api.ts';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { openAssets } from './assets.ts';
import { CHECKS } from './checks.ts';
import { systemClock } from './clock.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, RoutedCommand } from './features/command.ts';
import { nodeActor } from './give.ts';
import { openEdge, type EdgeParts } from './open-edge.ts';
import { recoveryCode } from './recovery-code.ts';
import { sqliteBinding } from './sqlite-binding.ts';
import { nodeKey } from './sync/node-identity.ts';

export type NewClub = {
  readonly name: string;
  readonly tz: string;
  readonly currency: string;
  /** The policy pack of the place, such as `us-wa`. */
  readonly pack: string;
  readonly owner: string;
  readonly pin: string;
};

const CUTOFF_MINUTES = 360;

/**
 * Makes a data folder and, through the node's own write path, an empty club with its first owner in it. Answers the recovery code of the club's key. Throws with a
 * sentence where the club is set up already, where what is asked is refused, and where a node runs on the folder.
 */
export async function setUpClub(folder: string, club: NewClub, runtime: string | null): Promise<string> {
  const configure = {
    name: club.name,
    tz: club.tz,
    currency: club.currency,
    cutoffMinutes: CUTOFF_MINUTES,
    pack: club.pack,
    taxBasisPoints: 0,
  };
  const owner: CommandInput<'staff.add'> = { name: club.owner, roles: ['owner'], pin: club.pin };
  check('club.configure', configure);
  check('staff.add', owner);

  const assets = openAssets();
  const binding = sqliteBinding(assets, runtime ?? path.join(folder, 'runtime'));
  const data = openDataFolder(folder, randomBytes, binding);
  const faults: unknown[] = [];
  const edge = openBareEdge(data, { assets, binding, broken: (error) => faults.push(error) });
  const give = async <N extends RoutedCommand>(name: N, input: CommandInput<N>): Promise<void> => {
    const answer = await edge.command(name, input, { key: randomUUID(), actor: nodeActor(edge.log.genesis.nodeId) });
    if (!answer.ok) throw new Error(REFUSALS[answer.refusal], { cause: faults[0] });
  };
  try {
    if (edge.reads.club.everyStaff().length > 0) throw new Error(REFUSALS.club_configured);
    // A set-up that was cut off between the two has a club that nobody can sign in to: it goes on there.
    if (!edge.reads.club.settings()) await give('club.configure', configure);
    await give('staff.add', owner);
    return recoveryCode(data.clubKey);
  } finally {
    await edge.close();
    data.release();
  }
}

/** The node without HTTP and without a cloud. */
function openBareEdge(data: DataFolder, parts: Pick<EdgeParts, 'assets' | 'binding' | 'broken'>): Edge {
  return openEdge({
    ...parts,
    file: data.database,
    clock: systemClock(),
    random: randomBytes,
    clubKey: data.clubKey,
    node: { nodeId: data.node.nodeId, keyThumbprint: nodeKey(data.nodeKeyPem).thumbprint },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
    mirror: null,
    checks: CHECKS,
    replaces: null,
    committed: () => undefined,
  });
}

/** What a route does for a tablet's request: the write path itself trusts the form of what it is given. */
function check(name: 'club.configure' | 'staff.add', input: unknown): void {
  const [wrong] = Value.Errors(COMMAND_ROUTES[name].body, input);
  if (wrong) throw new Error(FORMS[wrong.instancePath] ?? REFUSALS.body_invalid);
}

const FORMS: Readonly<Record<string, string>> = {
  '/name': 'A name has 1 to 80 characters.',
  '/currency': 'A currency has three capital letters, such as USD.',
  '/pin': 'A PIN has four to six digits.',
};
