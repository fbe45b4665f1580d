import { Pool } from 'undici';
import { limits } from '../limits.ts';

export type LinkRequest = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
export type LinkAnswer = {
  readonly status: number;
  readonly nonce: string | null;
  readonly gzip: boolean;
  readonly body: Buffer;
};
/** The way to the cloud. Throws where there was no answer, whatever the cloud did with the request. */
export type Link = { readonly ask: (request: LinkRequest) => Promise<LinkAnswer>; readonly close: () => Promise<void> };

export function httpLink(cloudUrl: string): Link {
  const pool = new Pool(cloudUrl, {
    connections: 1,
    headersTimeout: limits.uplinkRequestMs,
    bodyTimeout: limits.uplinkRequestMs,
    connect: { timeout: limits.uplinkRequestMs },
  });
  return {
    ask: async ({ method, path, headers, body }) => {
      // The pool's own timeouts begin anew with each byte.
      const signal = AbortSignal.timeout(limits.uplinkExchangeMs);
      const response = await pool.request({ method, path, headers, body, signal });
      const nonce = response.headers['clubops-nonce'];
      return {
        status: response.statusCode,
        nonce: typeof nonce === 'string' ? nonce : null,
        gzip: response.headers['content-encoding'] === 'gzip',
        body: Buffer.from(await response.body.arrayBuffer()),
      };
    },
    close: () => pool.destroy(),
  };
}
