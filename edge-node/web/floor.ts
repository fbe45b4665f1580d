import type { CommandAnswer, StatusAnswer } from '#shared/contract/api.ts';
import type { BoothBrief } from '#shared/contract/booth-api.ts';
import type { Role } from '#shared/domain/event.ts';
import { askStatus, newKey, sendCommand, type Answer, type FloorCommand, type Trouble } from './api.ts';
import { openBox, type Box } from './box.ts';
import { createClock, type Clock } from './clock.ts';
import { createFeed } from './feed.ts';
import type { Words } from './i18n/words.ts';
import { NO_LINK, openLive, type Link } from './live.ts';
import { createNotices, type Notices } from './notices.ts';
import type { Move } from './order.ts';
import type { Session } from './session.ts';
import { createSignal, type Signal } from './signal.ts';
import { createTables, type Tables } from './store.ts';
import type { Tails } from './tails.ts';

/** A command on its way. `to`: it is answered, its rows are not here yet. */
export type Pending = { readonly key: string; readonly command: FloorCommand; readonly to: number | null };

/** All that the floor screen stands on, from sign-in to sign-out. */
export type Floor = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly link: Signal<Link>;
  readonly box: Box;
  /** What the node says of the music; revision 0 until it has said it. */
  readonly booth: Signal<BoothBrief>;
  readonly pending: Signal<readonly Pending[]>;
  readonly notices: Notices;
  readonly session: Session;
  readonly roles: readonly Role[];
  /** Shows the command as done where it can, sends it, and says why when the node refuses it. */
  readonly run: (command: FloorCommand, refused?: Refused) => Promise<Answer<CommandAnswer>>;
  /** Done when the floor is closed: for what outlives the part of the screen that opened it. */
  readonly atClose: (act: () => void) => void;
  readonly close: () => void;
};
/** What is said when it is refused: `stage` shows that stage's present order with the message. */
type Refused = { readonly stage: string | null };

type Around = {
  readonly tails: Tails;
  readonly onSignedOut: () => void;
  /** Told whenever the box has said how it is. */
  readonly onBox: (box: StatusAnswer['box']) => void;
};

export function openFloor(session: Session, { tails, onSignedOut, onBox }: Around): Floor {
  const tables = createTables();
  const clock = createClock();
  const link = createSignal(NO_LINK);
  const pending = createSignal<readonly Pending[]>([]);
  const booth = createSignal<BoothBrief>({ rev: 0, alarm: null });
  const ends: (() => void)[] = [];
  const notices = createNotices();
  const feed = createFeed({
    tables,
    isWaiting: () => pending.get().length > 0,
    onApplied: (seq) => pending.set(pending.get().filter(({ to }) => to === null || to > seq)),
    later: (run, ms) => setTimeout(run, ms),
  });
  const live = openLive({ token: session.token, feed, clock, link, booth, tails, onSignedOut });
  const box = openBoxOf(session, { link, onBox });
  const without = (key: string) => pending.get().filter((one) => one.key !== key);

  const run = async (command: FloorCommand, refused: Refused = { stage: null }, key = newKey()) => {
    pending.set([...pending.get(), { key, command, to: null }]);
    const answer = await sendCommand(command, key, session.token);
    if (!answer.ok) {
      pending.set(without(key));
      if (answer.trouble === 'not_signed_in') onSignedOut();
      if (answer.trouble === 'box_fenced' || answer.trouble === 'box_recovering') box.ask();
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
    box,
    booth,
    pending,
    notices,
    session,
    roles: session.roles,
    run,
    atClose: (act) => void ends.push(act),
    close: () => {
      for (const end of ends) end();
      live.close();
      box.close();
    },
  };
}

function openBoxOf(
  { token }: Session,
  { link, onBox }: { readonly link: Signal<Link>; readonly onBox: Around['onBox'] },
): Box {
  const box = openBox(async () => {
    const answer = await askStatus(token);
    if (answer.ok) onBox(answer.value.box);
    return answer;
  });
  // A box that was away may have come back as another one.
  let wasLive = true;
  link.subscribe(() => {
    const isLive = link.get().look === 'live';
    if (isLive && !wasLive) box.ask();
    wasLive = isLive;
  });
  return box;
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
