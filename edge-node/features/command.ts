import type { COMMAND_ROUTES, CommandBody } from '#shared/contract/api.ts';
import type { Asking } from '#shared/domain/asking.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Decision } from '#shared/kit/decision.ts';
import type { Seal } from '../seal/seal.ts';
import type { Reads } from '../state/reads.ts';

export type RoutedCommand = keyof typeof COMMAND_ROUTES;
type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & Params<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown;

/** What the address names and what the body says, together. */
export type CommandInput<N extends RoutedCommand> = Params<(typeof COMMAND_ROUTES)[N]['path']> & CommandBody<N>;
/** All that a command may reach: questions to the state, and the seal. */
export type Deciding = { readonly reads: Reads; readonly seal: Seal };
export type Decide<N extends RoutedCommand> = (
  edge: Deciding,
  input: CommandInput<N>,
  ask: Asking,
) => Decision<ClubEvent, Refusal>;
/** Load, then decide; the queue does the rest. */
export type Deciders<N extends RoutedCommand> = { readonly [K in N]: Decide<K> };
