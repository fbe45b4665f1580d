import { and, asc, desc, eq } from 'drizzle-orm';
import type { CommandWord, SignedBlob } from '#shared/contract/feed.ts';
import type { Origin, RestrictionKind } from '#shared/domain/feed-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { clubCommand, dancerNote, restriction, signedBlob } from '../../db/settings-schema.ts';
import { inTenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { clubId } from '../../public-id.ts';
import { changeFeed, type FeedChange, type OfClub, type Settings } from './feed-log.ts';

/** What headquarters orders, each told to the club by one revision. */
const ID_BYTES = 9;
const fresh = (cloud: Settings, kind: string): string => `${kind}_${cloud.random(ID_BYTES).toString('base64url')}`;

export type Restriction = {
  readonly restriction: string;
  readonly dancer: string;
  readonly kind: RestrictionKind;
  readonly reason: string;
  readonly origin: Origin;
  readonly by: string;
};

export async function restrict(cloud: Settings, of: OfClub, wish: Omit<Restriction, 'restriction' | 'origin'>) {
  return changeFeed(cloud, of, async (change) => {
    const id = fresh(cloud, 'rs');
    await keepRestriction(change, { ...wish, restriction: id, origin: 'hq' });
    const { dancer, kind, reason, by } = wish;
    const rev = change.tell({ op: 'restrict', restriction: id, dancer, kind, reason, by });
    return { restriction: id, rev };
  });
}

export async function keepRestriction(
  { tenant, of, now }: FeedChange,
  { restriction: id, dancer, kind, reason, origin, by }: Restriction,
): Promise<void> {
  await tenant.db
    .insert(restriction)
    .values({ ...of, restriction: id, dancer, kind, reason, origin, setBy: by, setAt: now })
    .onConflictDoNothing();
}

export type Lift = { readonly restriction: string; readonly reason: string; readonly by: string };

/** Lifts one that somebody set, here or on the floor: by name, by whom and why. */
export async function lift(
  cloud: Settings,
  of: OfClub,
  wish: Lift,
): Promise<{ readonly rev: number } | Refusal | null> {
  return changeFeed(cloud, of, async (change) => {
    const [known] = await change.tenant.db.select().from(restriction).where(restrictionNamed(of, wish.restriction));
    if (!known) return 'restriction_unknown';
    if (known.liftedAt !== null) return 'restriction_lifted';
    await keepLift(change, wish, 'hq');
    return { rev: change.tell({ op: 'lift', ...wish }) };
  });
}

/** The floor lifts what the floor set; a lift of another's restriction has no effect, whoever signed it. */
export async function keepLift({ tenant, of, now }: FeedChange, wish: Lift, origin: Origin): Promise<void> {
  const mine = restrictionNamed(of, wish.restriction);
  await tenant.db
    .update(restriction)
    .set({ liftedBy: wish.by, liftReason: wish.reason, liftOrigin: origin, liftedAt: now })
    .where(origin === 'hq' ? mine : and(mine, eq(restriction.origin, 'floor')));
}

const restrictionNamed = (of: OfClub, id: string) =>
  and(eq(restriction.org, of.org), eq(restriction.club, of.club), eq(restriction.restriction, id));

export async function restrictionsOf(cloud: Settings, of: OfClub, dancer: string) {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const hers = and(eq(restriction.org, of.org), eq(restriction.club, of.club), eq(restriction.dancer, dancer));
    const rows = await db
      .select()
      .from(restriction)
      .where(hers)
      .orderBy(asc(restriction.setAt), asc(restriction.restriction))
      .limit(limits.sharedListMax);
    return rows.map(({ restriction: id, kind, reason, origin, setBy, liftedBy, liftReason }) => ({
      restriction: id,
      dancer,
      kind,
      reason,
      origin,
      by: setBy,
      lifted: liftedBy === null ? null : { by: liftedBy, reason: liftReason ?? '' },
    }));
  });
}

export async function addNote(
  cloud: Settings,
  of: OfClub,
  wish: { readonly dancer: string; readonly text: string; readonly by: string },
) {
  return changeFeed(cloud, of, async ({ tenant, tell, now }) => {
    const note = fresh(cloud, 'nt');
    const { dancer, text, by } = wish;
    await tenant.db
      .insert(dancerNote)
      .values({ ...of, note, dancer, origin: 'hq', writtenBy: by, writtenAt: now, text });
    return { note, rev: tell({ op: 'note', note, dancer, text, by }) };
  });
}

export async function sendCommand(
  cloud: Settings,
  of: OfClub,
  wish: {
    readonly cmd: CommandWord;
    readonly args: Readonly<Record<string, string>>;
    readonly lifeMs: number;
    readonly by: string;
  },
) {
  return changeFeed(cloud, of, async ({ tenant, tell, now }) => {
    const command = fresh(cloud, 'cm');
    const { cmd, args, by } = wish;
    const notAfter = now + wish.lifeMs;
    await tenant.db
      .insert(clubCommand)
      .values({ ...of, command, cmd, args: JSON.stringify(args), notAfter, sentBy: by, sentAt: now });
    return { command, rev: tell({ op: 'cmd', id: command, cmd, args: { ...args }, notAfter, by }) };
  });
}

/** The newest commands first, with what the box answered. */
export async function commandsOf(cloud: Settings, of: OfClub) {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const rows = await db
      .select()
      .from(clubCommand)
      .where(and(eq(clubCommand.org, of.org), eq(clubCommand.club, of.club)))
      .orderBy(desc(clubCommand.sentAt), desc(clubCommand.command))
      .limit(limits.sharedListMax);
    return rows.map(({ command, cmd, notAfter, sentBy, outcome, refusal }) => ({
      command,
      cmd,
      notAfter,
      by: sentBy,
      outcome,
      refusal,
    }));
  });
}

/** Signs a blob and hands it down. A version that is not newer than the last is refused. */
export async function putBlob(
  cloud: Settings,
  of: OfClub,
  blob: { readonly coll: string; readonly ver: number; readonly payload: unknown },
): Promise<{ readonly rev: number } | 'version_old' | null> {
  const words: SignedBlob = { clubId: clubId(of.org, of.club), ...blob };
  const jws = await cloud.receiptKey.signAs('clubops-blob', words);
  return changeFeed(cloud, of, async ({ tenant, tell }) => {
    const { coll, ver } = blob;
    const mine = and(eq(signedBlob.org, of.org), eq(signedBlob.club, of.club), eq(signedBlob.coll, coll));
    const [kept] = await tenant.db.select().from(signedBlob).where(mine);
    if (kept && kept.ver >= ver) return 'version_old';
    await tenant.db
      .insert(signedBlob)
      .values({ ...of, coll, ver, jws })
      .onConflictDoUpdate({ target: [signedBlob.org, signedBlob.club, signedBlob.coll], set: { ver, jws } });
    return { rev: tell({ op: 'blob', coll, ver, jws }) };
  });
}

/** Declares the club's feed dead, so that its box takes a snapshot. */
export async function resetFeed(cloud: Settings, of: OfClub): Promise<boolean> {
  const done = await changeFeed(cloud, of, async ({ reset }) => {
    reset();
    return true;
  });
  return done ?? false;
}
