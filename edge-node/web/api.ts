import type {
  COMMAND_ROUTES,
  CommandAnswer,
  CommandBody,
  PairAnswer,
  Problem,
  SessionAnswer,
  SignInAnswer,
  StatusAnswer,
  TailsAnswer,
} from '#shared/contract/api.ts';
import type { SealedTail } from '#shared/contract/live.ts';
import { REFUSALS, type Refusal } from '#shared/domain/refusal.ts';
import { uuidv7 } from '#shared/kit/uuid.ts';

/** A refusal of the node, or that no answer came. */
export type Trouble = Refusal | 'node_unreachable';
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble; readonly detail: string | null };

type RouteName = keyof typeof COMMAND_ROUTES;
/** The commands of this screen, and their addresses: the contract's own table would bring its schemas into the bundle. */
const PATHS = {
  'day.open': '/business-day/open',
  'day.begin_closing': '/business-day/begin-closing',
  'day.close': '/business-day/close',
  'attendance.check_in': '/dancers/:dancer/check-in',
  'attendance.check_out': '/dancers/:dancer/check-out',
  'attendance.settle': '/dancers/:dancer/settle',
  'house_fee.pay': '/house-fees/:fee/pay',
  'house_fee.defer': '/house-fees/:fee/defer',
  'house_fee.waive': '/house-fees/:fee/waive',
  'rotation.add': '/stages/:stage/rotation',
  'rotation.move': '/rotation-entries/:entry/move',
  'rotation.call': '/rotation-entries/:entry/call',
  'rotation.miss': '/rotation-entries/:entry/miss',
  'rotation.remove': '/rotation-entries/:entry/remove',
  'stage_set.start': '/rotation-entries/:entry/on-stage',
  'stage_set.end': '/stage-sets/:set/end',
  'room_session.quote': '/rooms/:room/quote',
  'room_session.cancel': '/room-sessions/:session/cancel',
  'room_session.start': '/room-sessions/:session/start',
  'room_session.extend': '/room-sessions/:session/extend',
  'room_session.end': '/room-sessions/:session/end',
  'room_session.settle': '/room-sessions/:session/settle',
  'room.clean': '/rooms/:room/clean',
  'drawer.open': '/drawers/:drawer/open',
  'drawer.drop': '/drawers/:drawer/drop',
  'drawer.count': '/drawers/:drawer/count',
  'drawer.close': '/drawers/:drawer/close',
  'music.configure': '/music/setting',
} as const satisfies { readonly [N in RouteName]?: (typeof COMMAND_ROUTES)[N]['path'] };

export type FloorCommand = {
  readonly [N in keyof typeof PATHS]: { readonly name: N; readonly of: string; readonly body: CommandBody<N> };
}[keyof typeof PATHS];

const TRY_MS_MAX = 5_000;
/** A restarted node answers the same key with the same answer, so asking again is safe. */
const RETRY_AFTER_MS = [300, 1_000, 2_000] as const;

export async function sendCommand(command: FloorCommand, key: string, token: string): Promise<Answer<CommandAnswer>> {
  const path = PATHS[command.name].replace(/:\w+/, encodeURIComponent(command.of));
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key };
  return askUntilAnswered(path, { body: command.body, headers });
}

async function askUntilAnswered<T>(path: string, request: Sent): Promise<Answer<T>> {
  for (const wait of RETRY_AFTER_MS) {
    const answer = await ask<T>('POST', path, request);
    if (answer.ok || answer.trouble !== 'node_unreachable') return answer;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return ask('POST', path, request);
}

/** How the box is, and what would be lost if it died now. */
export function askStatus(token: string): Promise<Answer<StatusAnswer>> {
  return ask('GET', '/status', { body: null, headers: { authorization: `Bearer ${token}` } });
}

/** A box that takes another's place goes on with what is here. Asked again with the same key, it is done once. */
export function finishRecovery(key: string, token: string): Promise<Answer<unknown>> {
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key };
  return askUntilAnswered('/recovery/finish', { body: {}, headers });
}

/** What this device keeps, for a box that takes another's place. The device's cookie says who brings it. */
export function handOverTails(tails: readonly SealedTail[]): Promise<Answer<TailsAnswer>> {
  const bare = tails.map(({ log, seq, n, blob }) => ({ log, seq, n, blob }));
  return ask('POST', '/witness/tails', { body: { tails: bare }, headers: {} });
}

export function pairDevice(code: string, name: string): Promise<Answer<PairAnswer>> {
  return ask('POST', '/devices', { body: { code, name }, headers: {} });
}

export function whoMaySignIn(): Promise<Answer<SignInAnswer>> {
  return ask('GET', '/sign-in', { body: null, headers: {} });
}

export function signIn(staff: string, pin: string): Promise<Answer<SessionAnswer>> {
  return ask('POST', '/sessions', { body: { staff, pin }, headers: {} });
}

export function signOut(token: string): Promise<Answer<null>> {
  return ask('DELETE', '/sessions/current', { body: null, headers: { authorization: `Bearer ${token}` } });
}

export type OnRoster = { readonly dancer: string; readonly stageName: string };

/** Every dancer that the club knows, by stage name. */
export function askRoster(token: string): Promise<Answer<readonly OnRoster[]>> {
  return ask('GET', '/dancers', { body: null, headers: { authorization: `Bearer ${token}` } });
}

/** What a dancer owes (above zero) or is owed (below), in cents. */
export function askBalance(dancer: string, token: string): Promise<Answer<{ readonly cents: number }>> {
  const path = `/dancers/${encodeURIComponent(dancer)}/balance`;
  return ask('GET', path, { body: null, headers: { authorization: `Bearer ${token}` } });
}

type Sent = { readonly body: object | null; readonly headers: Readonly<Record<string, string>> };

/** One question to the node, without a repeat. */
export async function ask<T>(method: string, path: string, { body, headers }: Sent): Promise<Answer<T>> {
  const request: RequestInit = {
    method,
    headers: { ...headers },
    signal: AbortSignal.timeout(TRY_MS_MAX),
    cache: 'no-store',
  };
  if (body)
    Object.assign(request, { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } });
  try {
    const response = await fetch(`/api/v1${path}`, request);
    if (response.ok) return { ok: true, value: (response.status === 204 ? null : await response.json()) as T };
    return refusalOf((await response.json()) as Problem);
  } catch (error) {
    // Network down, time out or a body that is cut off: in all of them it is not known whether the node did it.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) {
      return { ok: false, trouble: 'node_unreachable', detail: null };
    }
    throw error;
  }
}

function refusalOf(problem: Problem): Answer<never> {
  const isKnown = Object.hasOwn(REFUSALS, problem.code);
  return { ok: false, trouble: isKnown ? (problem.code as Refusal) : 'box_fault', detail: problem.detail ?? null };
}

/** `crypto.randomUUID` is missing where the node is reached by plain HTTP; the time in front keeps the node's index of keys small. */
export function newKey(): string {
  return uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}
