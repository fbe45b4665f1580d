import { hash } from 'node:crypto';
import {
  SNAPSHOT_LINES_MAX,
  type FeedAnswer,
  type FeedItem,
  type SignedBlob,
  type SnapshotManifest,
} from '#shared/contract/feed.ts';
import { signedWords, type ReceiptKeys } from './receipts.ts';

type Page = Extract<FeedAnswer, { s: 'snapshot' }>;
type Signers = { readonly clubId: string; readonly receiptKeys: ReceiptKeys };
/** A snapshot on its way in, page by page; nothing of it is used before it is whole and its signature is right. */
export type Snapshot = {
  /** What the next question names; null for the first page. */
  readonly page: () => string | null;
  /** The items where this was the last page, each with a digest of its line; null while more is to come. Throws where it is not what the cloud signed. */
  readonly add: (
    page: Page,
    signers: Signers,
  ) => readonly { readonly item: FeedItem; readonly digest: string }[] | null;
};

const DIGEST_CHARS = 32;

export function openSnapshot(): Snapshot {
  let lines: string[] = [];
  let next: string | null = null;
  const restart = (): void => {
    lines = [];
    next = null;
  };
  return {
    page: () => next,
    add: (page, signers) => {
      // The cloud began a newer one meanwhile.
      if (page.at === 0) lines = [];
      const joins = page.at === lines.length && lines.length + page.lines.length <= SNAPSHOT_LINES_MAX;
      if (!joins) {
        restart();
        throw new Error('The pages of the snapshot do not join.');
      }
      lines.push(...page.lines);
      next = page.page;
      if (next !== null) return null;
      const whole = lines;
      restart();
      check(page, whole, signers);
      return whole.map((line) => ({
        item: JSON.parse(line) as FeedItem,
        digest: hash('sha256', line, 'hex').slice(0, DIGEST_CHARS),
      }));
    },
  };
}

function check({ manifest, feed, rev }: Page, lines: readonly string[], { clubId, receiptKeys }: Signers): void {
  const words = wordsOf(manifest, receiptKeys) as Partial<SnapshotManifest>;
  const sha256 = hash('sha256', lines.join('\n'), 'hex');
  const same =
    words.clubId === clubId &&
    words.feed === feed &&
    words.rev === rev &&
    words.n === lines.length &&
    words.sha256 === sha256;
  if (!same) throw new Error('The snapshot is not the one that the cloud signed.');
}

/** A box that was enrolled before the keys were kept knows none; its snapshot is still checked against its sum. */
function wordsOf(manifest: string, keys: ReceiptKeys): object {
  if (keys.length === 0)
    return Object(JSON.parse(Buffer.from(manifest.split('.')[1] ?? '', 'base64url').toString('utf8'))) as object;
  const words = signedWords(manifest, keys);
  if (words === null) throw new Error('The snapshot is signed by a key that is not the cloud\u2019s.');
  return Object(words) as object;
}

/** Whether the cloud signed this blob, for this club, under this version. Without its keys nothing is genuine. */
export function isGenuine(
  { coll, ver, jws }: Extract<FeedItem, { op: 'blob' }>,
  { clubId, receiptKeys }: Signers,
): boolean {
  try {
    const words = Object(signedWords(jws, receiptKeys)) as Partial<SignedBlob>;
    return words.clubId === clubId && words.coll === coll && words.ver === ver;
  } catch {
    // Whatever is wrong with it, nobody vouches for it.
    return false;
  }
}
