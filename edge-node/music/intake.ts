import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TrackRow } from '#shared/contract/music-api.ts';
import type { CopyWanted } from '#shared/domain/track-events.ts';
import { makeAgain } from './again.ts';
import { openCopies, type Copies } from './copies.ts';
import { openHome, sweep } from './home.ts';
import { ingest, type Verdict } from './ingest.ts';
import { openLibrary, type Library } from './library.ts';
import type { Asked, FileWord, FolderState, Told } from './messages.ts';
import { openPlaces, type Places } from './places.ts';
import { isSame, openSettling, type Look, type Settling } from './settle.ts';
import type { Tools } from './tools.ts';
import { everyTrack, trackRow } from './track-row.ts';
import { filesBelow, holdsAnything, isForeign, lookAt, watchFolder } from './watch.ts';
import { workingOf, type Job } from './working.ts';

export type IntakeParts = {
  /** Where the library lies. */
  readonly home: string;
  /** The watched folder; null for none. */
  readonly folder: string | null;
  /** Where files that browsers sent wait. */
  readonly uploads: string;
  readonly tools: Tools;
  readonly binding: object | null;
  readonly tell: (told: Told) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly broken: (error: unknown) => void;
};

const GONE: Look = { bytes: -1, mtimeNs: '' };
const QUIET_MS = 2_000;
const QUIET_FOREIGN_MS = 10_000;
/** Where nothing else is to be done, a file that has not changed for so long is begun; nothing is said of it before it is quiet. */
const STILL_MS = 300;
const TICK_MS = 250;
const RESCAN_MS = 180_000;
/** How often it is seen whether the folder is there at all. */
const PRESENCE_MS = 2_000;
const RETRY_MS = 30_000;
const ROWS_AT_ONCE = 500;
/** The speed is told over so many of the last tracks. */
const SPEED_OF = 20;

/**
 * Takes in what lies in the watched folder and what browsers sent, a few files at once; where nothing waits, it makes copies again
 * that are not as the club wants them. Lives in a process of its own, which may be
 * killed at any time: a track is there with its facts or not at all, and what has not been judged is found again.
 */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #library: Library;
  readonly #copies: Copies;
  readonly #places: Places;
  readonly #quietMs: number;
  readonly #settling: Settling;
  readonly #stopping = new AbortController();
  readonly #ready = new Set<string>();
  readonly #working = new Map<string, Job>();
  /** When a file that could not be judged is tried again. */
  readonly #later = new Map<string, number>();
  /** Begun too early once: they are left alone until they are quiet. */
  readonly #slow = new Set<string>();
  readonly #speeds: number[] = [];
  readonly #close: (() => void)[] = [];
  #watcher: ReturnType<typeof watchFolder> | null = null;
  #presentAt = 0;
  #isLooking = false;
  #jobs = 0;
  /** The disk was full: no copy is made again before. */
  #againAt = 0;
  #state: FolderState;
  #told = '';

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    const { folder } = parts;
    const home = openHome(parts.home);
    sweep(home);
    this.#library = openLibrary(home);
    this.#copies = openCopies(home);
    this.#places = openPlaces(path.join(parts.home, 'places.db'), parts.binding);
    this.#quietMs = folder !== null && isForeign(folder) ? QUIET_FOREIGN_MS : QUIET_MS;
    this.#settling = openSettling(this.#quietMs, lookAt);
    this.#state = folder === null ? 'none' : 'unseen';
    this.#tellKnown();
  }

  start(): void {
    this.#watch();
    const timers = [setInterval(() => this.#tick(), TICK_MS), setInterval(() => this.#scan(), RESCAN_MS)];
    this.#close.push(() => void this.#watcher?.close(), ...timers.map((timer) => () => clearInterval(timer)));
    this.#scan();
  }

  /** Anew after the folder was away: what was watched was the one that went. */
  #watch(): void {
    const { folder } = this.#parts;
    void this.#watcher?.close();
    this.#watcher = folder === null ? null : watchFolder(folder, (file) => this.#changed(file));
  }

  ask(asked: Asked): void {
    if (asked.t === 'take') this.#changed(asked.file);
    else {
      this.#jobs = asked.jobs;
      this.#copies.want(asked.wanted);
    }
    this.#fill();
  }

  /** Kills what is being worked on. */
  close(): void {
    this.#stopping.abort();
    for (const close of this.#close) close();
    this.#places.close();
  }

  #tellKnown(): void {
    const rows: TrackRow[] = [];
    for (const facts of everyTrack(this.#library.home)) {
      this.#copies.put(facts);
      rows.push(trackRow(facts));
    }
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      this.#parts.tell({ t: 'tracks', rows: rows.slice(at, at + ROWS_AT_ONCE) });
    for (const word of this.#places.words()) this.#parts.tell({ t: 'file', word });
  }

  #isUpload(file: string): boolean {
    return file.startsWith(this.#parts.uploads + path.sep);
  }

  /** Its path in the folder; of an upload what the browser called it. */
  #nameOf(file: string): string {
    return this.#isUpload(file) ? path.basename(file) : path.relative(this.#parts.folder ?? '', file);
  }

  /** A file that came, changed or went. */
  #changed(file: string): void {
    if (this.#isUpload(file)) {
      if (!this.#working.has(file)) this.#ready.add(file);
      return;
    }
    const name = this.#nameOf(file);
    const before = this.#places.get(name);
    const seen = lookAt(file);
    if (seen && !(before && isSame(before, seen)) && !this.#working.has(file))
      return this.#settling.add(file, this.#parts.now());
    // A folder that went as a whole took no file of its own.
    if (seen || !before || !holdsAnything(this.#parts.folder ?? '')) return;
    this.#places.drop(name);
    this.#parts.tell({ t: 'file_gone', file: name });
  }

  /** One look at a time: a large folder takes longer than the next reason to look. */
  #scan(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#look()
      .finally(() => (this.#isLooking = false))
      .catch(this.#parts.broken);
  }

  async #look(): Promise<void> {
    const { folder, uploads } = this.#parts;
    for (const file of (await filesBelow(uploads)) ?? []) this.#changed(file);
    if (folder === null) return;
    const files = await filesBelow(folder);
    if (this.#stopping.signal.aborted) return;
    const known = this.#places.files();
    // A stick that was pulled out is no deletion of all.
    const was = this.#state;
    this.#state = files === null ? 'gone' : files.length === 0 && known.length > 0 ? 'empty' : 'watched';
    if (files === null || this.#state === 'empty') return;
    if (was === 'gone' || was === 'empty') this.#watch();
    const here = new Set(files.map((file) => this.#nameOf(file)));
    const gone = known.filter((name) => !here.has(name)).map((name) => path.join(folder, name));
    for (const file of [...files, ...gone]) this.#changed(file);
  }

  #tick(): void {
    const now = this.#parts.now();
    for (const [file, at] of this.#later) {
      if (at > now) continue;
      this.#later.delete(file);
      this.#changed(file);
    }
    this.#seePresence(now);
    for (const file of this.#settling.due(now)) this.#ready.add(file);
    this.#fill();
    this.#tellState();
  }

  /** A folder that went or came back is looked at whole at once. */
  #seePresence(now: number): void {
    const { folder } = this.#parts;
    if (folder === null || now - this.#presentAt < PRESENCE_MS) return;
    this.#presentAt = now;
    if (this.#state !== 'watched' || !holdsAnything(folder)) this.#scan();
  }

  /** What came goes before what is made again. */
  #fill(): void {
    const wanted = this.#copies.wanted();
    if (wanted === null) return;
    while (!this.#stopping.signal.aborted && this.#working.size < this.#jobs) {
      const work = this.#next(wanted);
      if (work === null) return;
      work.then(() => this.#fill(), this.#parts.broken);
    }
  }

  #next(wanted: CopyWanted): Promise<void> | null {
    for (const file of this.#ready) {
      this.#ready.delete(file);
      return this.#work(file, wanted, 0);
    }
    const early = this.#quietMs > QUIET_MS ? null : this.#settling.early(this.#parts.now(), STILL_MS, this.#slow);
    if (early !== null) return this.#work(early.file, wanted, early.since + this.#quietMs);
    const track = this.#parts.now() < this.#againAt ? null : this.#copies.next();
    return track === null ? null : this.#again(track, wanted);
  }

  #begin(file: string, name: string): Job {
    const job: Job = { name, since: this.#parts.now(), progress: { step: 'copying', share: 0, seconds: null } };
    this.#working.set(file, job);
    return job;
  }

  /** `quietAt`: before, nothing is said of it. */
  async #work(file: string, { targetLufs, copy }: CopyWanted, quietAt: number): Promise<void> {
    const { now, tools } = this.#parts;
    const seen = lookAt(file);
    if (seen === null) return;
    const isStill = (): boolean => isSame(lookAt(file) ?? GONE, seen);
    const quiet = quietAt > now() ? pause(quietAt - now()).then(isStill) : Promise.resolve(true);
    // A file that was whole and went since, with its stick, has its copy in the spool.
    const settled = async (): Promise<boolean> => (await quiet) && (isStill() || lookAt(file) === null);
    const job = this.#begin(file, this.#nameOf(file));
    try {
      const verdict = await ingest(file, {
        library: this.#library,
        target: targetLufs,
        copy,
        tools,
        signal: this.#stopping.signal,
        settled,
        onProgress: (progress) => void (job.progress = progress),
      });
      if (this.#stopping.signal.aborted) return;
      if (verdict.code === 'FILE_CHANGED' && quietAt > 0) return this.#tooEarly(file);
      this.#slow.delete(file);
      if (verdict.facts && verdict.outcome.startsWith('accept'))
        this.#speeds.push(verdict.facts.seconds / Math.max(0.001, (now() - job.since) / 1_000));
      if (verdict.facts) this.#copies.put(verdict.facts);
      this.#judged(file, verdict, seen);
    } finally {
      this.#working.delete(file);
    }
  }

  #tooEarly(file: string): void {
    this.#slow.add(file);
    this.#settling.add(file, this.#parts.now());
  }

  /** Makes a track's playable copy once more. */
  async #again(track: string, wanted: CopyWanted): Promise<void> {
    const { now, tools } = this.#parts;
    const facts = this.#library.get(track);
    if (facts === null) return this.#copies.fail(track);
    const original = this.#library.home.original(track);
    const job = this.#begin(original, facts.title);
    try {
      const made = await makeAgain(facts, wanted, {
        library: this.#library,
        tools,
        signal: this.#stopping.signal,
        onProgress: (progress) => void (job.progress = progress),
      });
      if (typeof made !== 'string') return this.#copies.done(made);
      if (made !== 'DISK_FULL') return this.#copies.fail(track);
      this.#againAt = now() + RETRY_MS;
      this.#copies.putBack(track);
    } finally {
      this.#working.delete(original);
    }
  }

  #judged(file: string, { outcome, code, message, facts, like }: Verdict, seen: Look): void {
    const { now, tell } = this.#parts;
    if (outcome === 'ignore') return;
    const track = facts?.sha256 ?? null;
    const word: FileWord = { file: this.#nameOf(file), outcome, code, message, track, like, at: now() };
    if (outcome === 'wait') this.#later.set(file, now() + (code === 'FILE_CHANGED' ? QUIET_MS : RETRY_MS));
    else if (this.#isUpload(file)) rmSync(path.dirname(file), { recursive: true, force: true });
    else this.#places.put({ word, ...seen });
    if (facts && outcome !== 'duplicate') tell({ t: 'tracks', rows: [trackRow(facts)] });
    tell({ t: 'file', word });
  }

  #tellState(): void {
    const now = this.#parts.now();
    const lately = this.#speeds.slice(-SPEED_OF);
    const speed = lately.length === 0 ? null : lately.reduce((sum, one) => sum + one, 0) / lately.length;
    const working = [...this.#working.values()].map((job) => workingOf(job, now));
    const waiting = this.#settling.waiting() + this.#ready.size + this.#later.size;
    const again = { left: this.#copies.left(), failed: this.#copies.failed() };
    const told = { t: 'state', folder: this.#state, waiting, working, speed, again } as const;
    const text = JSON.stringify(told);
    if (text !== this.#told) this.#parts.tell(told);
    this.#told = text;
  }
}
