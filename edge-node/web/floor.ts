import type { CommandAnswer } from '#shared/contract/api.ts';
import type { Role } from '#shared/domain/event.ts';
import { newKey, sendCommand, type Answer, type FloorCommand, type Trouble } from './api.ts';
import { createClock, type Clock } from './clock.ts';
import { createFeed } from './feed.ts';
import type { Words } from './i18n/words.ts';
import { NO_LINK, openLive, type Link } from './live.ts';
import { createNotices, type Notices } from './notices.ts';
import type { Move } from './order.ts';
import type { Session } from './session.ts';
import { createSignal, type Signal } from './signal.ts';
import { createTables, type Tables } from './store.ts';

/** A command on its way. `to`: it is answered, its rows are not here yet. */
export type Pending = { readonly key: string; readonly command: FloorCommand; readonly to: number | null };

/** All that the floor screen stands on, from sign-in to sign-out. */
export type Floor = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly link: Signal<Link>;
  readonly pending: Signal<readonly Pending[]>;
  readonly notices: Notices;
  readonly session: Session;
  readonly roles: readonly Role[];
  /** Shows the command as done where it can, sends it, and says why when the node refuses it. */
  readonly run: (command: FloorCommand, refused?: Refused) => Promise<Answer<CommandAnswer>>;
  readonly close: () => void;
};
/** What is said when it is refused: `stage` shows that stage's present order with the message. */
type Refused = { readonly stage: string | null };

export function openFloor(session: Session, onSignedOut: () => void): Floor {
  const tables = createTables();
  const clock = createClock();
  const link = createSignal(NO_LINK);
  const pending = createSignal<readonly Pending[]>([]);
  const notices = createNotices();
  const feed = createFeed({
    tables,
    isWaiting: () => pending.get().length > 0,
    onApplied: (seq) => pending.set(pending.get().filter(({ to }) => to === null || to > seq)),
    later: (run, ms) => setTimeout(run, ms),
  });
  const live = openLive({ token: session.token, feed, clock, link, onSignedOut });
  const without = (key: string) => pending.get().filter((one) => one.key !== key);

  const run = async (command: FloorCommand, refused: Refused = { stage: null }, key = newKey()) => {
    pending.set([...pending.get(), { key, command, to: null }]);
    const answer = await sendCommand(command, key, session.token);
    if (!answer.ok) {
      pending.set(without(key));
      if (answer.trouble === 'not_signed_in') onSignedOut();
      const retry = answer.trouble === 'node_unreachable' ? () => void run(command, refused, key) : null;
      notices.add({
        say: sayTrouble(answer.trouble),
        tone: 'bad',
        stage: refused.stage,
        action: retry && { say: (words) => words.retry, run: retry },
      });
      return answer;
    }
    const { to } = answer.value;
    feed.flush();
    const isHere = (feed.since()?.seq ?? -1) >= to;
    pending.set(isHere ? without(key) : pending.get().map((one) => (one.key === key ? { ...one, to } : one)));
    return answer;
  };

  return {
    tables,
    clock,
    link,
    pending,
    notices,
    session,
    roles: session.roles,
    run,
    close: () => live.close(),
  };
}

function sayTrouble(trouble: Trouble): (words: Words) => string {
  return (words) => words.troubles[trouble];
}

/** The moves that are on their way, in the order they were made. */
export function movesOf(pending: readonly Pending[]): readonly Move[] {
  return pending.flatMap(({ command }) =>
    command.name === 'rotation.move' ? [{ entry: command.of, after: command.body.afterEntry }] : [],
  );
}

export function isPending(pending: readonly Pending[], of: string): boolean {
  return pending.some(({ command }) => command.of === of);
}
