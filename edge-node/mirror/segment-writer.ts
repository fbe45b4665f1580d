import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { segmentName } from '#shared/log/segment.ts';

/** The file at the end of the mirror. Each call is on the disk when it is done; each throws where it can't be. */
export type SegmentWriter = {
  /** Bytes of the file that is written now; null where none is. */
  readonly size: () => number | null;
  /** A new file: there with all of these bytes, or not there. */
  readonly begin: (number: number, bytes: Buffer) => Promise<void>;
  readonly append: (bytes: Buffer) => Promise<void>;
  /** Goes on at the end of a file that was found whole. */
  readonly resume: (number: number, size: number) => Promise<void>;
  /** Throws where the file was taken away. */
  readonly look: () => Promise<void>;
  readonly close: () => Promise<void>;
};
type File = { readonly handle: FileHandle; readonly file: string; size: number };

export function openSegmentWriter(folder: string): SegmentWriter {
  let now: File | null = null;
  const close = async (): Promise<void> => {
    const last = now;
    now = null;
    await last?.handle.close();
  };
  return {
    size: () => now?.size ?? null,
    begin: async (number, bytes) => {
      await close();
      const file = path.join(folder, segmentName(number));
      const handle = await writeAside(file, bytes);
      now = { handle, file, size: bytes.length };
      await rename(asideOf(file), file);
      await syncFolder(folder);
    },
    append: async (bytes) => {
      if (now === null) throw new Error('No segment is open.');
      await writeAll(now.handle, bytes, now.size);
      await now.handle.datasync();
      await assertThere(now);
      now.size += bytes.length;
    },
    resume: async (number, size) => {
      await close();
      const file = path.join(folder, segmentName(number));
      now = { handle: await open(file, 'r+'), file, size };
    },
    look: async () => {
      if (now) await assertThere(now);
    },
    close,
  };
}

const asideOf = (file: string): string => `${file}.part`;

async function writeAside(file: string, bytes: Buffer): Promise<FileHandle> {
  const handle = await open(asideOf(file), 'w', 0o600);
  try {
    await writeAll(handle, bytes, 0);
    await handle.datasync();
    return handle;
  } catch (error) {
    await handle.close();
    // On a full disk it would be in the way of the next try.
    await rm(asideOf(file), { force: true });
    throw error;
  }
}

/** One write may take less than all of it, on a disk that is nearly full. */
async function writeAll(handle: FileHandle, bytes: Buffer, from: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, from + done);
    done += bytesWritten;
  }
}

/** A file that was taken away from its folder takes every write as before. */
async function assertThere({ handle, file }: File): Promise<void> {
  const [held, named] = await Promise.all([handle.stat(), stat(file)]);
  if (held.ino !== named.ino || held.dev !== named.dev) throw new Error(`${file} was taken away.`);
}

/** What was made or renamed in a folder is there after a power cut, too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A small file that is there whole or not at all. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await writeAside(file, Buffer.from(text));
  await handle.close();
  await rename(asideOf(file), file);
  await syncFolder(path.dirname(file));
}
