import { UPLINK_PATHS, type EnrolAnswer, type EnrolRequest } from '#shared/contract/uplink.ts';
import { httpLink } from './link.ts';

/**
 * Trades a one-time code for a place in the cloud. Asking again with the same code and key gives the same answer,
 * so a lost one costs nothing. Throws with the cloud's own words where it refuses.
 */
export async function enrol(cloudUrl: string, request: EnrolRequest): Promise<EnrolAnswer> {
  const link = httpLink(cloudUrl);
  try {
    const body = Buffer.from(JSON.stringify(request));
    const answer = await link.ask({
      method: 'POST',
      path: UPLINK_PATHS.enrol,
      headers: { 'content-type': 'application/json' },
      body,
    });
    const parsed = JSON.parse(answer.body.toString('utf8')) as EnrolAnswer | { readonly title: string };
    if ('s' in parsed && parsed.s === 'enrolled') return parsed;
    throw new Error(`The cloud did not enrol this node: ${'title' in parsed ? parsed.title : answer.status}`);
  } finally {
    await link.close();
  }
}
