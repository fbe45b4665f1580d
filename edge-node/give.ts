import type { Actor } from '#shared/contract/event-line.ts';
import { event as made } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Clock } from './clock.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, Decide, Deciding, RoutedCommand } from './features/command.ts';
import { DECIDERS } from './features/commands.ts';
import { takeOver } from './features/feed/take-over.ts';
import { tokenHash, type SignIns } from './http/sign-in.ts';
import type { NewId, Random } from './ids.ts';
import type { CommandQueue } from './log/command-queue.ts';
import type { Seal } from './seal/seal.ts';
import { eligibilityOf } from './state/eligibility.ts';

export function nodeActor(id: string): Actor {
  return { kind: 'node', id, dev: null, auth: 'node' };
}

/** What a signed-in person may ask of the rules: to do something, and whether a dancer may work right now. */
export function openGiving(
  deciding: Deciding,
  { signIns, queue, clock }: { readonly signIns: SignIns; readonly queue: CommandQueue; readonly clock: Clock },
): Pick<Edge, 'command' | 'eligible'> {
  return {
    command: openCommand(deciding, signIns, queue),
    eligible: (dancer) => eligibilityOf(deciding, dancer, deciding.reads.policy.datesAt(clock.wall())),
  };
}

/** Gives a command to the queue: what it decides with is looked up when its turn comes. */
function openCommand(deciding: Deciding, signIns: SignIns, queue: CommandQueue): Edge['command'] {
  return async <N extends RoutedCommand>(
    name: N,
    input: CommandInput<N>,
    { key, actor }: Parameters<Edge['command']>[2],
  ) => {
    const content = `${name} ${JSON.stringify(input)}`;
    const fault = await secondFault(input, actor, signIns);
    if (fault) return { ok: false, refusal: fault };
    const ready = await prepare(name, input, deciding.seal);
    // Each name's decider takes its own input; TypeScript can't follow that through a lookup.
    const decide = DECIDERS[name] as unknown as Decide<N>;
    return queue.submit({ key, content, actor, decide: (ask) => decide(deciding, ready, ask) });
  };
}

/** What takes time is done before a command waits, so that nothing slow stands in the write path. */
async function prepare<N extends RoutedCommand>(name: N, input: CommandInput<N>, seal: Seal): Promise<CommandInput<N>> {
  if (name !== 'staff.add' || !('pin' in input) || typeof input.pin !== 'string') return input;
  return { ...input, pin: await seal.pinHash(input.pin) };
}

/** A second person's own PIN, on the asker's device: counted and locked like a sign-in. Null where it is right or none is named. */
async function secondFault(input: object, actor: Actor, signIns: SignIns): Promise<Refusal | null> {
  const { second } = input as { readonly second?: { readonly staff: string; readonly pin: string } | null };
  if (!second) return null;
  return actor.dev === null ? 'device_unknown' : signIns.pinFault(actor.dev, second.staff, second.pin);
}

/** What comes down the feed is decided like a command of the floor, for the node itself. */
export function openTakeOver(deciding: Deciding, queue: CommandQueue, nodeId: string): Edge['takeOver'] {
  return (work, { key, ...place }) =>
    queue.submit({
      key,
      content: '',
      actor: nodeActor(nodeId),
      decide: (ask) => takeOver(deciding, work, place, ask),
    });
}

export function openPairDevice(
  queue: CommandQueue,
  { random, newId }: { readonly random: Random; readonly newId: NewId },
): Edge['pairDevice'] {
  return async ({ name, ceiling }) => {
    const token = random(32).toString('base64url');
    const answer = await queue.submit({
      key: newId(),
      content: '',
      actor: { kind: 'device', id: name, dev: null, auth: 'device' },
      decide: ({ id }) => accept(made('device.paired', { device: id, name, ceiling, tokenHash: tokenHash(token) })),
    });
    return answer.ok ? { device: answer.id, token } : answer.refusal;
  };
}
