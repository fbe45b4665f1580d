import { sql } from 'drizzle-orm';
import { accountClass } from '#shared/domain/account.ts';
import type { ClubEvent, EventType, Posting } from '#shared/domain/event.ts';
import { assertBalanced } from '#shared/domain/ledger.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { balance, nightCount, nightTotal, posting } from '../db/schema.ts';
import type { Applied, Appliers } from './applier.ts';
import { attendanceApply } from './attendance.ts';
import { businessDayApply } from './business-day.ts';
import { clubApply } from './club.ts';
import { dancerApply } from './dancer.ts';
import { drawerApply } from './drawer.ts';
import { roomSessionApply } from './room-session.ts';
import { rotationApply, stageSetApply } from './rotation.ts';
import { values } from './values.ts';

export type Apply = (event: ClubEvent, at: Applied) => void;

/** Makes the one function that writes state. An event type without an applier does not compile. */
export function openApply(db: Db): Apply {
  const appliers: Appliers<EventType> = {
    ...clubApply(db),
    ...businessDayApply(db),
    ...dancerApply(db),
    ...attendanceApply(db),
    ...rotationApply(db),
    ...stageSetApply(db),
    ...roomSessionApply(db),
    ...drawerApply(db),
  };
  const book = openBooking(db);
  return (event, at) => {
    // The table above pairs each type with its own applier; TypeScript can't follow that through a lookup.
    (appliers[event.type] as (event: ClubEvent, at: Applied) => void)(event, at);
    book(event, at);
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
  return (event, { pos, day }) => {
    if (day !== null) count.run({ day, type: event.type });
    const postings = postingsOf(event);
    assertBalanced(postings);
    for (const [n, { account, cents }] of postings.entries()) {
      post.run({ pos, n, day, account, cents });
      addTo.run({ account, cents });
      if (day !== null) addToNight.run({ day, class: accountClass(account), cents });
    }
  };
}

function postingsOf(event: ClubEvent): readonly Posting[] {
  return 'postings' in event.body ? event.body.postings : [];
}
