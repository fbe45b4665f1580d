import { DEMO_STAFF } from '../../edge-node/demo.ts';
import { rowOf, type Club } from './night.ts';
import type { Tablet } from './tablet.ts';

type Given = Awaited<ReturnType<Tablet['give']>>;
export const refusalOf = (given: Given): string => (given.ok ? 'accepted' : given.problem.code);

/** A member of the demo's staff, as one signs with a PIN. */
export function signing(club: Club, name: string): { readonly staff: string; readonly pin: string } {
  const person = DEMO_STAFF.find((one) => one.name.startsWith(name));
  return { staff: club.edge.reads.club.staffNamed(person?.name ?? '')?.staff ?? '', pin: person?.pin ?? '' };
}

/** Checks her in without a fee to pay. */
export async function arrive({ owner }: Club, dancer: string): Promise<void> {
  await owner.must('attendance.check_in', { dancer });
  const fee = (await rowOf(owner, 'attendance', dancer))?.fee;
  if (fee?.state === 'ASSESSED') await owner.must('house_fee.waive', { fee: fee.fee, reason: 'test' });
}

/** What the house owes a dancer, in cents. */
export const owed = ({ edge }: Club, dancer: string): number => 0 - edge.reads.ledger.balanceCents(`dancer:${dancer}`);

type Paid = { readonly room: string; readonly drawer: string | null; readonly tipCents?: number };

/** A room of 30 minutes at $280.00, of which her share is $190.00. */
export async function sellRoom(club: Club, dancers: readonly string[], paid: Paid): Promise<string> {
  const { owner } = club;
  const { room, drawer, tipCents = 0 } = paid;
  const session = await owner.must('room_session.quote', { room, rate: 'vip30', dancers: [...dancers] });
  await owner.must('room_session.start', { session });
  await owner.must('room_session.end', { session, reason: 'time' });
  const method = drawer === null ? 'card' : 'cash';
  await owner.must('room_session.settle', { session, method, drawer, tipCents });
  await owner.must('room.clean', { room });
  return session;
}

export async function openBar(club: Club, who: Tablet, bankCents = 20_000): Promise<string> {
  const drawer = club.drawers[0] ?? '';
  await who.must('drawer.open', { drawer, responsible: who.staff, bankCents });
  return drawer;
}

/** Counts a drawer for what is in it, and closes it. */
export async function closeBar({ owner, edge }: Club, drawer: string): Promise<void> {
  await owner.must('drawer.count', { drawer, countedCents: edge.reads.drawers.openCents(drawer) ?? 0 });
  await owner.must('drawer.close', { drawer });
}
