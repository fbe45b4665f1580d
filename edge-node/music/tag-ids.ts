/** Names under which the kinds of tags keep what we read beside title and artist; `TXXX:BPM` and `----:com.apple.iTunes:BPM` count as `BPM`. */
export const TAG_IDS = {
  bpm: ['TBPM', 'TBP', 'BPM', 'TMPO'],
  key: ['TKEY', 'TKE', 'INITIALKEY', 'INITIAL KEY', 'KEY'],
  advisory: ['ITUNESADVISORY', 'RTNG', 'EXPLICIT', 'COMM', 'COM'],
} as const satisfies Record<string, readonly string[]>;

const ASKED: ReadonlySet<string> = new Set(Object.values(TAG_IDS).flat());

/** The last part of a tag's name, in capitals. */
export function bareId(id: string): string {
  return (id.split(':').at(-1) ?? '').toUpperCase();
}

export function isAsked(id: string): boolean {
  return ASKED.has(bareId(id));
}
