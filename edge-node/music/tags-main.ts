import { openAsBlob } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseBlob, type IAudioMetadata, type ITag } from 'music-metadata';
import { isAsked } from './tag-ids.ts';

/**
 * A process of its own, because what it reads is hostile until proven otherwise. For each line of its input, `[NR, FILE, MIME]` in
 * JSON, it prints `[NR, TAGS]`: the texts of the tags and the native tags under the names that are asked for, or null where they can't be read.
 */
const CHARS_MAX = 4_000;
const NATIVE_MAX = 30;
const ARTISTS_MAX = 20;

function short(value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.slice(0, CHARS_MAX);
  return null;
}

function flat([kind, tags]: readonly [string, readonly ITag[]]): readonly (readonly [
  string,
  string,
  string | number,
])[] {
  const asked = tags.filter(({ id }) => isAsked(id)).slice(0, NATIVE_MAX);
  return asked.flatMap(({ id, value }) => {
    const { descriptor, text } = commentOf(value);
    const said = short(text ?? value);
    // A number in a comment without a name says nothing.
    const isBare = text !== undefined && !descriptor && !/^(explicit|clean)$/i.test(String(said).trim());
    return said === null || isBare ? [] : [[kind, descriptor || id.slice(0, 100), said] as const];
  });
}

/** A comment of ID3 is a text with a name. */
function commentOf(value: unknown): { readonly descriptor?: string; readonly text?: unknown } {
  return typeof value === 'object' && value !== null && 'text' in value ? value : {};
}

type Texts = { readonly title: unknown; readonly artists: readonly unknown[]; readonly album: unknown };

/** An ID3v2 tag goes before an APE tag of the same file, as players have it. */
function textsOf({ common, native }: IAudioMetadata): Texts {
  const kind = ['ID3v2.4', 'ID3v2.3', 'ID3v2.2'].find((one) => one in native);
  const id3 = 'APEv2' in native ? (native[kind ?? ''] ?? []) : [];
  const said = (...ids: readonly string[]) => id3.filter(({ id }) => ids.includes(id)).map(({ value }) => value);
  const [title = common.title] = said('TIT2', 'TT2');
  const [album = common.album] = said('TALB', 'TAL');
  const own = said('TPE1', 'TP1');
  const artists = (own.length > 0 ? own : (common.artists ?? [])).slice(0, ARTISTS_MAX);
  // Before 2.4 a stroke parts artists, and is a part of many a name: the text stays as it stands in the tag.
  const isOld = kind === 'ID3v2.3' || kind === 'ID3v2.2';
  const isOther = 'vorbis' in native || ('APEv2' in native && own.length === 0);
  return { title, album, artists: isOld && !isOther ? [artists.join('/')] : artists };
}

const ID3_HEADER = 10;
const UNSYNCHRONISED = 0x80;
const TAG_BYTES_MAX = 64 * 1024 * 1024;

/** Before 2.4 a whole ID3 tag may hold a zero behind each byte of ones, which the parser takes for a part of the texts. */
async function readable(file: string, type: string): Promise<Blob> {
  const blob = await openAsBlob(file, { type });
  const head = Buffer.from(await blob.slice(0, ID3_HEADER).arrayBuffer());
  const [version = 0, , flags = 0] = head.subarray(3);
  if (head.toString('latin1', 0, 3) !== 'ID3' || version > 3 || (flags & UNSYNCHRONISED) === 0) return blob;
  const length = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 0x7f), 0);
  if (length > TAG_BYTES_MAX) return blob;
  const body = Buffer.from(await blob.slice(ID3_HEADER, ID3_HEADER + length).arrayBuffer());
  const plain = Buffer.alloc(body.length);
  let to = 0;
  for (const [at, byte] of body.entries()) if (byte !== 0 || at === 0 || body[at - 1] !== 0xff) plain[to++] = byte;
  head[5] = flags & ~UNSYNCHRONISED;
  return new Blob([head, plain, blob.slice(ID3_HEADER + length)], { type });
}

async function tagsOf(file: string, type: string): Promise<object> {
  const read = await parseBlob(await readable(file, type), { duration: false, skipCovers: true });
  const { common, native } = read;
  const { title, artists, album } = textsOf(read);
  return {
    title: short(title),
    artists: artists.map(short),
    album: short(album),
    genres: (common.genre ?? []).slice(0, 20).map(short),
    year: short(common.year),
    native: Object.entries(native).flatMap(flat),
  };
}

/** Until its input ends. */
export async function readTagsMain(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [nr, file, type] = JSON.parse(line) as readonly [number, string, string];
    const tags = await tagsOf(file, type).catch(() => null);
    process.stdout.write(`${JSON.stringify([nr, tags])}\n`);
  }
}

if (import.meta.main) await readTagsMain();
