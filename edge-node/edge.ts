import type { CommandInput, RoutedCommand } from './features/command.ts';
import type { Actor } from '#shared/contract/event-line.ts';
import type { CloudState, SealedTail } from '#shared/contract/live.ts';
import type { ChargebackPack } from '#shared/contract/desk-api.ts';
import type { OpenedRecord } from '#shared/contract/safety-api.ts';
import type { DeviceCeiling, Role } from '#shared/domain/event.ts';
import type { Eligibility } from '#shared/domain/policy-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Clock } from './clock.ts';
import type { Opened } from './db/open.ts';
import type { PairingCodes, SignIns } from './http/sign-in.ts';
import type { Onboarding } from './onboarding.ts';
import type { PackFacts } from './inspection/gather.ts';
import type { Hub } from './live/hub.ts';
import type { View } from './live/view.ts';
import type { Answer } from './log/answers.ts';
import type { Log } from './log/log.ts';
import type { Tails } from './seal/tails.ts';
import type { Images } from './images.ts';
import type { People } from './people.ts';
import type { Reads } from './state/reads.ts';
import type { BoxBook } from './sync/book.ts';
import type { TakeOver } from './sync/feed.ts';
import type { Recovering } from './sync/recovery.ts';
import type { SenderParts } from './sync/sender.ts';

export type GatheredPack = {
  readonly pack: string;
  readonly night: string;
  readonly date: string;
  readonly visit: string | null;
  readonly madeAt: number;
  readonly facts: PackFacts;
};
export type ByWhom = { readonly key: string; readonly actor: Actor };

/** The edge node without its HTTP face: what routes, the simulator and the set-up work with. */
export type Edge = Opened & {
  readonly clock: Clock;
  readonly log: Log;
  readonly reads: Reads;
  readonly view: View;
  readonly hub: Hub;
  readonly signIns: SignIns;
  readonly pairing: PairingCodes;
  /** Answers after the commit is durable. */
  readonly command: <N extends RoutedCommand>(name: N, input: CommandInput<N>, by: ByWhom) => Promise<Answer>;
  /** The sealed texts of one record, after it was written down who opened it. */
  readonly openRecord: (
    record: string,
    by: { readonly roles: readonly Role[]; readonly actor: Actor },
  ) => Promise<OpenedRecord | Refusal>;
  readonly onboarding: Onboarding;
  /** What a session was, step by step, with the guest's signature, after it was written down who looks. */
  readonly openSession: (session: string, actor: Actor) => Promise<ChargebackPack | Refusal>;
  /** All that an inspection pack is made of, after it was written down who opens the names in it. */
  readonly gatherPack: (visit: string | null, actor: Actor) => Promise<GatheredPack | Refusal>;
  readonly people: People;
  readonly images: Images;
  /** Whether a dancer may work right now. */
  readonly eligible: (dancer: string) => Eligibility;
  readonly pairDevice: (device: {
    readonly name: string;
    readonly ceiling: DeviceCeiling;
  }) => Promise<{ readonly device: string; readonly token: string } | Refusal>;
  /** One piece of what headquarters sent. Answers as a command does. */
  readonly takeOver: TakeOver;
  readonly cloud: () => CloudState;
  readonly box: BoxBook;
  readonly recovering: Recovering;
  readonly tails: Tails;
  /** A witness hands over what it keeps. Nothing of it is told back. */
  readonly takeTails: (device: string, sealed: readonly SealedTail[]) => void;
  /** What the sender joins histories with. */
  readonly history: Pick<
    SenderParts,
    'join' | 'recovering' | 'box' | 'carried' | 'rewritten' | 'secondCopy' | 'keysCame'
  >;
  readonly close: () => Promise<void>;
};
