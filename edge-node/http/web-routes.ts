import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Assets } from '../assets.ts';
import { CONTENT_SECURITY } from './guard.ts';
import { sendProblem } from './problems.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  webmanifest: 'application/manifest+json',
};
const WEB = 'dist/web';
const NAME_CHARS_MAX = 200;
const SAFE_PATH = /^(?:[A-Za-z0-9_-]+\/)*[A-Za-z0-9_.-]+$/;

/** The floor app, out of the program itself. Files with a hash in their name never change. */
export function webRoutes(app: FastifyInstance, assets: Assets): void {
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { readonly '*': string })['*'];
    const name = path === '' ? 'index.html' : path;
    const file =
      name.length <= NAME_CHARS_MAX && SAFE_PATH.test(name) && !name.includes('..')
        ? assets.read(`${WEB}/${name}`)
        : null;
    if (!file) return sendProblem(reply, 'route_unknown');
    const etag = `"${hash('sha256', file, 'base64url').slice(0, 22)}"`;
    reply.headers({
      etag,
      'content-security-policy': CONTENT_SECURITY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    reply.header('cache-control', name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream').send(file);
  });
}
