import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { openHome } from '../../edge-node/music/home.ts';
import { ingest, type Verdict } from '../../edge-node/music/ingest.ts';
import { openLibrary, type Library } from '../../edge-node/music/library.ts';
import { titleFromName } from '../../edge-node/music/names.ts';
import { findTools, NO_FFMPEG, type Tools } from '../../edge-node/music/tools.ts';
import { say } from './figure.ts';
import { differences, readManifest, type Row } from './music-manifest.ts';

export type Judged = {
  readonly file: string;
  readonly expect: string;
  readonly code: string;
  readonly got: string;
  readonly gotCode: string;
  readonly ok: boolean;
  /** What the facts say otherwise than the manifest. */
  readonly differs: readonly string[];
  readonly warnings: readonly string[];
  readonly title: string | null;
  readonly seconds: number | null;
  readonly ms: number;
};

const TARGET_LUFS = -14;

/**
 * Every file of a corpus against its manifest. A row is judged in an empty library, because a corpus holds the same bytes under
 * many names on purpose; but a row that expects a duplicate is judged in a library that holds all that was accepted before.
 */
export async function corpusRows(corpus: string): Promise<readonly Judged[]> {
  const tools = findTools(process.env);
  if (tools === null) throw new Error(NO_FFMPEG);
  const rows = readManifest(corpus);
  const full = temporaryLibrary();
  const judged = new Map<Row, Judged>();
  try {
    for (const row of rows.filter(({ expect }) => !expect.startsWith('duplicate'))) {
      const alone = temporaryLibrary();
      try {
        judged.set(row, await judge(corpus, row, { library: alone.library, tools }));
      } finally {
        alone.remove();
      }
    }
    const duplicates = rows.filter(({ expect }) => expect.startsWith('duplicate'));
    if (duplicates.length > 0) {
      for (const row of rows.filter((one) => judged.get(one)?.got.startsWith('accept') === true))
        await take(path.join(corpus, row.file), { library: full.library, tools });
    }
    for (const row of duplicates) judged.set(row, await judge(corpus, row, { library: full.library, tools }));
  } finally {
    full.remove();
  }
  return rows.flatMap((row) => judged.get(row) ?? []);
}

type Place = { readonly library: Library; readonly tools: Tools };

function temporaryLibrary(): { readonly library: Library; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-corpus-'));
  return { library: openLibrary(openHome(folder)), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function take(file: string, { library, tools }: Place): Promise<Verdict> {
  return ingest(file, { library, tools, target: TARGET_LUFS, signal: null, onProgress: () => undefined });
}

async function judge(corpus: string, row: Row, place: Place): Promise<Judged> {
  if (row.expect === '(list)') return judgeNames(corpus, row);
  const began = performance.now();
  const { outcome, code, facts } = await take(path.join(corpus, row.file), place);
  const gotCode = code ?? '';
  const differs = facts === null || outcome === 'duplicate' ? [] : differences(row, facts);
  const isExpected = outcome === row.expect && (row.code === '' || row.code.split('|').includes(gotCode));
  const judged: Judged = {
    file: row.file,
    expect: row.expect,
    code: row.code,
    got: outcome,
    gotCode,
    ok: isExpected && differs.length === 0,
    differs,
    warnings: facts?.warnings ?? [],
    title: facts?.title ?? null,
    seconds: facts?.seconds ?? null,
    ms: Math.round(performance.now() - began),
  };
  say(`${judged.ok ? 'ok    ' : 'DIFFERS'} ${JSON.stringify(row.file)} ${outcome} ${gotCode} ${differs.join('; ')}`);
  return judged;
}

/** Names that an upload may bring: of each a title can be made, which is no path. */
function judgeNames(corpus: string, row: Row): Judged {
  const names = readFileSync(path.join(corpus, row.file), 'utf8').split('\n');
  const paths = names.map(titleFromName).filter((title) => title === '' || title.includes('/') || title.includes('\0'));
  const got = paths.length === 0 ? row.expect : 'a path';
  const ok = paths.length === 0;
  return { ...row, got, gotCode: '', ok, differs: paths, warnings: [], title: null, seconds: null, ms: 0 };
}
