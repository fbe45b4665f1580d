import { sql } from 'drizzle-orm';
import { readLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { accountClass } from '#shared/domain/account.ts';
import type { ClubEvent, EventType, Posting } from '#shared/domain/event.ts';
import { assertBalanced } from '#shared/domain/ledger.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { balance, nightCount, nightTotal, posting, review, type ReviewReason } from '../db/schema.ts';
import { STATE_TABLES } from '../db/state-tables.ts';
import type { Applied, Appliers } from './applier.ts';
import { attendanceApply } from './attendance.ts';
import { businessDayApply } from './business-day.ts';
import { cashApply, openReceipts } from './cash.ts';
import { clubApply } from './club.ts';
import { dancerApply, paperApply } from './dancer.ts';
import { doorApply } from './door.ts';
import { drawerApply } from './drawer.ts';
import { policyApply } from './policy.ts';
import { openSessionSteps, roomPeopleApply } from './room-people.ts';
import { roomSessionApply } from './room-session.ts';
import { rosterApply } from './roster.ts';
import { safetyApply } from './safety-apply.ts';
import { sharedApply } from './shared.ts';
import { rotationApply, stageSetApply } from './rotation.ts';
import { stageApply } from './stage.ts';
import { shiftApply } from './shift.ts';
import { deskApply } from './desk.ts';
import { onboardingApply } from './onboarding.ts';
import { trackApply } from './track.ts';
import { voucherApply } from './voucher.ts';
import { tallyApply } from './tally.ts';
import { values } from './values.ts';

export type Apply = (event: ClubEvent, at: Applied) => void;

/** Applies a line that was decided elsewhere. Answers the event; what contradicts the tables is booked and put in review. */
export type Review = (line: string, pos: number) => LoggedEvent;

/** Makes the functions that write state; `wipe` empties it, before a replay. An event type without an applier does not compile. */
export function openApply(db: Db): { readonly apply: Apply; readonly review: Review; readonly wipe: () => void } {
  const appliers: Appliers<EventType> = {
    ...clubApply(db),
    ...businessDayApply(db),
    ...dancerApply(db),
    ...paperApply(db),
    ...policyApply(db),
    ...attendanceApply(db),
    ...rotationApply(db),
    ...stageSetApply(db),
    ...stageApply(db),
    ...roomSessionApply(db),
    ...roomPeopleApply(db),
    ...drawerApply(db),
    ...doorApply(db),
    ...safetyApply(db),
    ...cashApply(db),
    ...sharedApply(db),
    ...tallyApply(db),
    ...shiftApply(db),
    ...trackApply(db),
    ...voucherApply(db),
    ...deskApply(db),
    ...onboardingApply(db),
    ...rosterApply(db),
  };
  // The table above pairs each type with its own applier; TypeScript can't follow that through a lookup.
  const mean: Apply = (event, at) => (appliers[event.type] as (event: ClubEvent, at: Applied) => void)(event, at);
  const book = openBooking(db);
  return {
    apply: (event, at) => {
      mean(event, at);
      book(event, at);
    },
    review: openReview(db, mean, book),
    wipe: () => void db.$client.exec(STATE_TABLES.map((table) => `DELETE FROM ${table};`).join('')),
  };
}

/** What every event does beside its own meaning: its postings, and the night's totals as the cloud keeps them too. */
function openBooking(db: Db): Apply {
  const count = hot(
    db,
    db
      .insert(nightCount)
      .values({ ...values(nightCount), n: 1 })
      .onConflictDoUpdate({ target: [nightCount.day, nightCount.type], set: { n: sql`${nightCount.n} + 1` } }),
  );
  const post = hot(db, db.insert(posting).values(values(posting)));
  const addTo = hot(
    db,
    db
      .insert(balance)
      .values(values(balance))
      .onConflictDoUpdate({ target: balance.account, set: { cents: sql`${balance.cents} + excluded.cents` } }),
  );
  const addToNight = hot(
    db,
    db
      .insert(nightTotal)
      .values(values(nightTotal))
      .onConflictDoUpdate({
        target: [nightTotal.day, nightTotal.class],
        set: { cents: sql`${nightTotal.cents} + excluded.cents` },
      }),
  );
  const receive = openReceipts(db);
  const step = openSessionSteps(db);
  return (event, at) => {
    const { pos, day } = at;
    if (day !== null) count.run({ day, type: event.type });
    const postings = postingsOf(event);
    assertBalanced(postings);
    for (const [n, { account, cents }] of postings.entries()) {
      post.run({ pos, n, day, account, cents });
      addTo.run({ account, cents });
      if (day !== null) addToNight.run({ day, class: accountClass(account), cents });
    }
    receive(event, at);
    step(event, at);
  };
}

function postingsOf(event: ClubEvent): readonly Posting[] {
  return 'postings' in event.body ? event.body.postings : [];
}

/** Money is money, also in an event of a newer program, as long as it is booked as it always was. */
function isBookable(body: unknown): boolean {
  const { postings } = Object(body) as { readonly postings?: unknown };
  if (!Array.isArray(postings) || !postings.every(isPosting)) return false;
  try {
    assertBalanced(postings);
    return true;
  } catch (error) {
    if (reasonOf(error) === 'misfit') return false;
    throw error;
  }
}

function isPosting(value: unknown): value is Posting {
  const { account, cents } = Object(value) as Partial<Record<string, unknown>>;
  return typeof account === 'string' && typeof cents === 'number';
}

/**
 * For lines that were decided on another history: a row that stands against one, or a thing that is not there, can't undo
 * what happened in the club. Its money is booked, its other meaning is left out, and a person is asked to look. The same
 * history gives the same reviews, so a replay gives them too. Only inside a transaction.
 */
function openReview(db: Db, mean: Apply, book: Apply): Review {
  const { $client: sqlite } = db;
  const savepoint = sqlite.prepare('SAVEPOINT review');
  const release = sqlite.prepare('RELEASE review');
  const undo = sqlite.prepare('ROLLBACK TO review');
  const put = hot(db, db.insert(review).values(values(review)));
  const meant = (logged: LoggedEvent, at: Applied): ReviewReason | null => {
    savepoint.run();
    let why: ReviewReason | null = null;
    try {
      mean(logged, at);
    } catch (error) {
      why = reasonOf(error);
      if (why === null) throw error;
      undo.run();
    }
    release.run();
    return why;
  };
  return (line, pos) => {
    const { isKnown, event } = readLine(line);
    const { type, day } = event;
    const { wall } = event.at;
    const at = { pos, wall, day };
    const why = isKnown ? meant(event, at) : 'unknown';
    if (why !== null) put.run({ pos, type, day, at: wall, why });
    // What is not known goes on by its name alone: nothing that asks for a body that it knows finds one.
    const logged = event as LoggedEvent;
    book(isKnown || isBookable(event.body) ? logged : ({ ...logged, body: {} } as LoggedEvent), at);
    return logged;
  };
}

/** Null for what has nothing to do with the event: a full disk, say. */
function reasonOf(error: unknown): ReviewReason | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT')) return 'conflict';
  if (error instanceof TypeError) return 'unknown';
  return error.name === 'BrokenInvariant' ? 'misfit' : null;
}
