import { limits } from '../../edge-node/limits.ts';

type Waits =
  | 'uplinkRetryMsMax'
  | 'uplinkHelloMs'
  | 'uplinkRequestMs'
  | 'uplinkExchangeMs'
  | 'uplinkIdleMs'
  | 'uplinkHaltedMs'
  | 'uplinkRetryMsMin';

/**
 * The sender's waits as a test has time for. Only how long it waits changes, and only in this process: what it does
 * then is what it does in a club. Before a node is built, as a link reads its timeouts once.
 */
export function shortenWaits(over: Partial<Record<Waits, number>> = {}): void {
  const short: Record<Waits, number> = {
    uplinkRetryMsMin: 20,
    uplinkRetryMsMax: 200,
    uplinkHelloMs: 300,
    uplinkRequestMs: 10_000,
    uplinkExchangeMs: 30_000,
    uplinkIdleMs: 150,
    uplinkHaltedMs: 300,
    ...over,
  };
  Object.assign(limits, short);
}
