import path from 'node:path';
import { readLine, type Actor } from '#shared/contract/event-line.ts';
import type { OpenedRecord } from '#shared/contract/safety-api.ts';
import { event as made } from '#shared/domain/event.ts';
import { makeInspectionPack } from '#shared/domain/inspection-pack.ts';
import { openRecord } from '#shared/domain/record.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { assert } from '#shared/kit/assert.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Clock } from './clock.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, Decide, Deciding, RoutedCommand } from './features/command.ts';
import { DECIDERS } from './features/commands.ts';
import { takeOver } from './features/feed/take-over.ts';
import { eligibilityOf } from './state/eligibility.ts';
import { tokenHash, type SignIns } from './http/sign-in.ts';
import { openOnboarding } from './onboarding.ts';
import { gatherPack } from './inspection/gather.ts';
import type { NewId, Random } from './ids.ts';
import type { CommandQueue } from './log/command-queue.ts';
import { openImages } from './images.ts';
import { openPeople } from './people.ts';
import type { Seal } from './seal/seal.ts';

export function nodeActor(id: string): Actor {
  return { kind: 'node', id, dev: null, auth: 'node' };
}

type GivingParts = {
  readonly random: Random;
  readonly newId: NewId;
  readonly signIns: SignIns;
  readonly nodeId: string;
  readonly clock: Clock;
  /** The database; images stand in a folder beside it. */
  readonly file: string;
};

/** All that makes the queue work: commands of people, what comes down the feed, and what is no command but writes an event. */
export function openGiving(
  deciding: Deciding,
  queue: CommandQueue,
  parts: GivingParts,
): Pick<
  Edge,
  | 'command'
  | 'eligible'
  | 'images'
  | 'openRecord'
  | 'openSession'
  | 'onboarding'
  | 'gatherPack'
  | 'pairDevice'
  | 'people'
  | 'takeOver'
> {
  return {
    command: openCommand(deciding, queue, parts.signIns),
    eligible: (dancer) => eligibilityOf(deciding, dancer, deciding.reads.policy.datesAt(parts.clock.wall())),
    openRecord: openRecordOpening(deciding, queue, parts.newId),
    onboarding: openOnboarding(deciding, queue, parts),
    openSession: openSessionOpening(deciding, queue, parts.newId),
    gatherPack: openPackGathering(deciding, queue, parts),
    pairDevice: openPairDevice(queue, parts),
    images: openImages(deciding, queue, { newId: parts.newId, folder: path.join(path.dirname(parts.file), 'images') }),
    people: openPeople(deciding, queue, parts.newId),
    takeOver: openTakeOver(deciding, queue, parts.nodeId),
  };
}

/** Gives a command to the queue: what it decides with is looked up when its turn comes. */
function openCommand(deciding: Deciding, queue: CommandQueue, signIns: Pick<SignIns, 'wrongPin'>): Edge['command'] {
  return async <N extends RoutedCommand>(
    name: N,
    input: CommandInput<N>,
    { key, actor }: Parameters<Edge['command']>[2],
  ) => {
    const content = `${name} ${JSON.stringify(input)}`;
    const wrong = await wrongSecondPerson(signIns, input, actor);
    if (wrong !== null) return { ok: false, refusal: wrong };
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

type SecondPersons = {
  readonly approver?: CommandInput<'door.enter'>['approver'];
  readonly receiver?: CommandInput<'drawer.hand_over'>['receiver'];
  readonly second?: CommandInput<'attendance.check_in_override'>['second'];
};

/** A second person's PIN is checked before the command waits, under the same lock as a sign-in on that device. It goes no further than here. */
async function wrongSecondPerson(
  signIns: Pick<SignIns, 'wrongPin'>,
  input: object,
  actor: Actor,
): Promise<Refusal | null> {
  const { approver, receiver, second } = input as SecondPersons;
  const other = approver ?? receiver ?? second;
  return other ? signIns.wrongPin(actor.dev ?? actor.id, other.staff, other.pin) : null;
}

/** Opens the sealed texts of a record for a person; that somebody did is in the log before the texts are told. */
function openRecordOpening({ reads, seal }: Deciding, queue: CommandQueue, newId: NewId): Edge['openRecord'] {
  return async (record, { roles, actor }) => {
    const answer = await queue.submit({
      key: newId(),
      content: '',
      actor,
      decide: () => openRecord(reads.safety.record(record), roles),
    });
    if (!answer.ok) return answer.refusal;
    const texts = reads.safety.textsOf(record).map(({ field, sealed }) => [field, seal.open(record, field, sealed)]);
    return { record, texts: Object.fromEntries(texts) as OpenedRecord['texts'] };
  };
}

/** A session as its bank is shown it; that somebody opened the signature is in the log. */
function openSessionOpening({ reads, seal }: Deciding, queue: CommandQueue, newId: NewId): Edge['openSession'] {
  return async (session, actor) => {
    const found = reads.rooms.session(session);
    if (!found) return 'session_unknown';
    const opening = made('room_session.opened', { session });
    const answer = await queue.submit({ key: newId(), content: '', actor, decide: () => accept(opening) });
    if (!answer.ok) return answer.refusal;
    const signed = reads.desk.acknowledgement(session);
    const nameOf = (id: string) => reads.club.staff(id)?.name ?? id;
    const steps = reads.sessions.stepsOf(session).map((line) => {
      const { at, type, actor: maker, body } = readLine(line).event;
      const { price: sold } = body as { readonly price?: { readonly grossCents: number } };
      return { at: at.wall, what: type, by: nameOf(maker.id), cents: sold?.grossCents ?? null };
    });
    const { room, state, price, minutes } = found;
    const dancers = found.dancers.map((dancer) => reads.dancers.dancer(dancer)?.stageName ?? dancer);
    const acknowledged = signed && {
      at: signed.at,
      witness: nameOf(signed.witness),
      processorRef: signed.processorRef,
      last4: signed.last4,
      signature: signed.signature === null ? null : seal.open(session, 'signature', signed.signature),
    };
    return {
      session,
      room,
      state,
      grossCents: price.grossCents,
      minutes,
      dancers,
      steps,
      acknowledged: acknowledged ?? null,
    };
  };
}

/** Opens the names of a whole night for an inspector; that somebody did is in the log, and in the pack's own stretch of it. */
function openPackGathering(deciding: Deciding, queue: CommandQueue, { newId, clock }: GivingParts): Edge['gatherPack'] {
  const { reads } = deciding;
  const lastNight = () => reads.day.nights().at(-1);
  return async (visit, actor) => {
    const answer = await queue.submit({
      key: newId(),
      content: '',
      actor,
      decide: (ask) => {
        const night = lastNight()?.day;
        const dancers = night === undefined ? [] : reads.attendance.allOfNight(night).map(({ dancer }) => dancer);
        const record = visit === null ? undefined : reads.safety.record(visit);
        return makeInspectionPack({ night, visit: record, dancers }, { visit }, ask);
      },
    });
    if (!answer.ok) return answer.refusal;
    const night = lastNight();
    assert(night !== undefined, 'a pack is of a night');
    const { day, date } = night;
    const madeAt = clock.wall();
    return { pack: answer.id, night: day, date, visit, madeAt, facts: gatherPack(deciding, { day, date }, madeAt) };
  };
}

/** What comes down the feed is decided like a command of the floor, for the node itself. */
function openTakeOver(deciding: Deciding, queue: CommandQueue, nodeId: string): Edge['takeOver'] {
  return (work, { key, ...place }) =>
    queue.submit({
      key,
      content: '',
      actor: nodeActor(nodeId),
      decide: (ask) => takeOver(deciding, work, place, ask),
    });
}

function openPairDevice(
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
