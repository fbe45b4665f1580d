import { newKey } from './key.ts';
import { Agent } from 'node:http';
import { request as httpRequest } from 'node:http';
import {
  COMMAND_ROUTES,
  type CommandAnswer,
  type PairAnswer,
  type Problem,
  type SessionAnswer,
  type SignInAnswer,
} from '#shared/contract/api.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';

export type Reply<T> = { readonly status: number; readonly body: T };
export type Given =
  | { readonly ok: true; readonly answer: CommandAnswer }
  | { readonly ok: false; readonly problem: Problem };

/** A tablet that is paired and signed in, speaking to a real node over HTTP. */
export type Tablet = {
  readonly token: string;
  readonly staff: string;
  readonly ask: <T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply<T>>;
  readonly give: <N extends RoutedCommand>(name: N, input: CommandInput<N>, key?: string) => Promise<Given>;
  /** As give, but a refusal is an error of the test; answers the id that was born. */
  readonly must: <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<string>;
};

export function addressOf<N extends RoutedCommand>(
  name: N,
  input: CommandInput<N>,
): { readonly path: string; readonly body: object } {
  const body: Record<string, unknown> = { ...(input as object) };
  const path = COMMAND_ROUTES[name].path.replaceAll(/:([a-z]+)/g, (_all, param: string) => {
    const value = String(body[param]);
    delete body[param];
    return value;
  });
  return { path: `/api/v1${path}`, body };
}

/** One keep-alive connection pool for each tablet, as a browser has. */
export function asker(baseUrl: string, headers: Record<string, string>): Tablet['ask'] {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return <T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    new Promise<Reply<T>>((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const sent = httpRequest(`${baseUrl}${path}`, {
        method,
        agent,
        headers: {
          ...headers,
          ...more,
          ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const isJson = text !== '' && /json/.test(response.headers['content-type'] ?? '');
          resolve({ status: response.statusCode ?? 0, body: (isJson ? JSON.parse(text) : text || null) as T });
        });
      });
      sent.end(bytes);
    });
}

/** Pairs with a code and signs a member of staff in by name. */
export async function pairTablet(
  baseUrl: string,
  who: { readonly code: string; readonly name: string; readonly pin: string },
): Promise<Tablet> {
  return signInOn(baseUrl, await pairDevice(baseUrl, who), who);
}

/** Answers the device's token. */
export async function pairDevice(
  baseUrl: string,
  { code, name }: { readonly code: string; readonly name: string },
): Promise<string> {
  const { body } = await asker(baseUrl, {})<PairAnswer>('POST', '/api/v1/devices', { code, name: `tablet of ${name}` });
  return body.token;
}

/** On a device that is paired, with whichever box. */
export async function signInOn(
  baseUrl: string,
  token: string,
  who: { readonly name: string; readonly pin: string },
): Promise<Tablet> {
  const device = asker(baseUrl, { 'clubops-device': token });
  const { body } = await device<SignInAnswer>('GET', '/api/v1/sign-in');
  const staff = body.staff.find(({ name }) => name === who.name)?.staff ?? '';
  const session = await device<SessionAnswer>('POST', '/api/v1/sessions', { staff, pin: who.pin });
  if (session.status !== 200) throw new Error(`${who.name} can't sign in: ${JSON.stringify(session.body)}`);
  return tabletOf(baseUrl, session.body);
}

export function tabletOf(
  baseUrl: string,
  { token, staff }: { readonly token: string; readonly staff: string },
): Tablet {
  const ask = asker(baseUrl, { authorization: `Bearer ${token}` });
  const give: Tablet['give'] = async (name, input, key = newKey()) => {
    const { path, body } = addressOf(name, input);
    const reply = await ask<CommandAnswer | Problem>('POST', path, body, { 'idempotency-key': key });
    return reply.status === 200
      ? { ok: true, answer: reply.body as CommandAnswer }
      : { ok: false, problem: reply.body as Problem };
  };
  return {
    token,
    staff,
    ask,
    give,
    must: async (name, input) => {
      const given = await give(name, input);
      if (!given.ok) throw new Error(`${name} was refused: ${JSON.stringify(given.problem)}`);
      return given.answer.id;
    },
  };
}
