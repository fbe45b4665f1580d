import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Value } from 'typebox/value';
import { COMMAND_ROUTES } from '#shared/contract/api.ts';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { openAssets } from './assets.ts';
import { systemClock } from './clock.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, RoutedCommand } from './features/command.ts';
import { nodeActor, openEdge } from './open-edge.ts';
import { sqliteBinding } from './sqlite-binding.ts';
import { nodeKey } from './sync/node-identity.ts';

export type NewClub = { readonly name: string; readonly tz: string; readonly currency: string; readonly owner: string; readonly pin: string };

const CUTOFF_MINUTES = 360;

/**
 * Makes a data folder and, through the node's own write path, an empty club with its first owner in it. Throws with a
 * sentence where the club is set up already, where what is asked is refused, and where a node runs on the folder.
 */
export async function setUpClub(folder: string, club: NewClub, runtime: string | null): Promise<void> {
  const configure = {
    name: club.name,
    tz: club.tz,
    currency: club.currency,
    cutoffMinutes: CUTOFF_MINUTES,
    pack: 'generic',
    taxBasisPoints: 0,
  };
  const owner: CommandInput<'staff.add'> = { name: club.owner, roles: ['owner'], pin: club.pin };
  check('club.configure', configure);
  check('staff.add', owner);

  const assets = openAssets();
  const binding = sqliteBinding(assets, runtime ?? path.join(folder, 'runtime'));
  const data = openDataFolder(folder, randomBytes, binding);
  const edge = openBareEdge(data, assets, binding);
  try {
    if (edge.reads.club.everyStaff().length > 0) throw new Error(REFUSALS.club_configured);
    // A set-up that was cut off between the two has a club that nobody can sign in to: it goes on there.
    if (!edge.reads.club.settings()) await give(edge, 'club.configure', configure);
    await give(edge, 'staff.add', owner);
  } finally {
    await edge.close();
    data.release();
  }
}

/** The node without HTTP and without a cloud. */
function openBareEdge(data: DataFolder, assets: ReturnType<typeof openAssets>, binding: object | null): Edge {
  return openEdge({
    file: data.database,
    assets,
    binding,
    clock: systemClock(),
    random: randomBytes,
    clubKey: data.clubKey,
    node: { nodeId: data.node.nodeId, keyThumbprint: nodeKey(data.nodeKeyPem).thumbprint },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0 }),
    committed: () => undefined,
    broken: (error, what) => process.stderr.write(`${what} broke: ${String(error)}\n`),
  });
}

async function give<N extends RoutedCommand>(edge: Edge, name: N, input: CommandInput<N>): Promise<void> {
  const actor = nodeActor(edge.log.genesis.nodeId);
  const answer = await edge.command(name, input, { key: `set-up-${name}-${randomBytes(8).toString('hex')}`, actor });
  if (!answer.ok) throw new Error(REFUSALS[answer.refusal]);
}

/** What a route does for a tablet's request: the write path itself trusts the form of what it is given. */
function check(name: 'club.configure' | 'staff.add', input: unknown): void {
  const [wrong] = Value.Errors(COMMAND_ROUTES[name].body, input);
  if (wrong) throw new Error(`${WORDS[wrong.instancePath.slice(1)] ?? 'What is given'} ${wrong.message}.`);
}

const WORDS: Readonly<Record<string, string>> = { name: 'A name', tz: 'The time zone', currency: 'The currency', pin: 'The PIN' };
