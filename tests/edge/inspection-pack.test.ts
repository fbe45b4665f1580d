import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DailyLogEntry, PackPerson } from '../../edge-node/inspection/gather.ts';
import { verifyPack } from '../../edge-node/verify-pack.ts';
import { inspectionPack, openFullHouse } from '../support/full-house.ts';
import { pass, type Club } from '../support/night.ts';
import { linesOf } from '../support/verify-log.ts';

const CLI = path.resolve(import.meta.dirname, '../../installer/main.ts');
const DANCERS = 120;
let club: Club;
let folder: string;
let unpacked: string;
let zipFile: string;
let visit: string;

/** A full house; one has left. */
beforeAll(async () => {
  club = await openFullHouse(DANCERS);
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-pack-'));
  const [first] = club.edge.reads.dancers.roster();
  const fee = club.edge.reads.attendance.owedBy(first?.dancer ?? '')[0]?.fee ?? '';
  await club.owner.must('house_fee.waive', { fee, reason: 'sent home' });
  pass(club.clock, 60_000);
  await club.owner.must('attendance.check_out', { dancer: first?.dancer ?? '' });
  visit = await club.owner.must('site_visit.record', {
    night: null,
    // Words of a person that look like a line's type are words all the same.
    agency: 'Licensing "attendance.checked_in"',
    purpose: 'routine',
    arrivedAt: club.clock.wall(),
    shown: [],
    copyHash: null,
    officer: 'R. Alvarez',
    badge: null,
    remarks: null,
    signature: null,
  });
  const zipped = await makePack(visit);
  zipFile = path.join(folder, 'pack.zip');
  writeFileSync(zipFile, zipped);
  unpacked = path.join(folder, 'pack');
  mkdirSync(unpacked);
  for (const [name, bytes] of Object.entries(unzipSync(zipped))) writeFileSync(path.join(unpacked, name), bytes);
});
afterAll(async () => {
  await club.close();
  rmSync(folder, { recursive: true, force: true });
});

const makePack = (of: string | null): Promise<Buffer> => inspectionPack(club, of);
const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(unpacked, name), 'utf8')) as T;

test('a full house of 120 is in it whole: who she is, what she may show, when she came', () => {
  const people = read<readonly PackPerson[]>('people.json');
  expect(people).toHaveLength(DANCERS);
  expect(people.filter(({ isHere }) => isHere)).toHaveLength(DANCERS - 1);
  for (const person of people) {
    expect(person.identityChecks).toHaveLength(1);
    expect(person.credentials.map(({ kind, state }) => [kind, state])).toEqual([['contract', 'ACTIVE']]);
    expect(person.trainings).toEqual([{ course: 'trafficking_awareness', expiresOn: '2027-06-01' }]);
    expect(person.eligibility.verdict).toBe('ALLOW');
  }
  const extra = people.find(({ stageName }) => stageName === 'Extra 100');
  expect(extra).toMatchObject({ legalName: 'Legal Extra 100', birthDate: '1995-05-05' });
  expect(extra?.credentials[0]?.number).toBe('C-Extra 100');
  const log = read<readonly DailyLogEntry[]>('daily-log.json');
  expect(log).toHaveLength(DANCERS + 1);
  expect(log.filter(({ what }) => what === 'out')).toHaveLength(1);
  expect(read<{ pack: { pack: string } }>('policy.json').pack.pack).toBe('generic');
});

test('who made it, for which visit and whose names were opened is in the log, and no name is', () => {
  const made = linesOf(club.edge.sqlite).findLast(({ line }) => line.includes('"inspection_pack.made"'))?.line ?? '';
  expect(JSON.parse(made)).toMatchObject({ actor: { id: club.owner.staff }, body: { visit } });
  expect(made).not.toContain('Legal');
  const own = readFileSync(path.join(unpacked, 'log.ndjson'), 'utf8');
  expect(own).toContain('inspection_pack.made');
  expect(own).not.toContain('Legal Extra');
});

test('elsewhere, without node or cloud, it is found whole, packed and unpacked', () => {
  const verify = (place: string) =>
    JSON.parse(
      execFileSync(process.execPath, [CLI, 'verify', '--pack', place, '--json'], { encoding: 'utf8', cwd: folder })
        .trim()
        .split('\n')
        .at(-1) ?? '',
    ) as object;
  expect(verify(zipFile)).toMatchObject({ ok: true, files: 8 });
  expect(verify(unpacked)).toEqual(verify(zipFile));
});

test('one changed byte in any of its files names the file', () => {
  const names = readdirSync(unpacked);
  expect(names).toHaveLength(8);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), (name, where, by) => {
      const file = path.join(unpacked, name);
      const whole = readFileSync(file);
      const changed = Buffer.from(whole);
      const at = where % whole.length;
      changed.writeUInt8((whole.readUInt8(at) + by) % 256, at);
      writeFileSync(file, changed);
      const finding = verifyPack(unpacked);
      writeFileSync(file, whole);
      expect(finding).toMatchObject({ ok: false, file: name });
    }),
    { numRuns: 150 },
  );
});

test('a file that is missing, one too many, and a manifest that somebody wrote anew are named', () => {
  const file = path.join(unpacked, 'people.json');
  const people = readFileSync(file);
  rmSync(file);
  expect(verifyPack(unpacked)).toEqual({ ok: false, file: 'people.json', wrong: 'missing' });
  writeFileSync(file, people);
  writeFileSync(path.join(unpacked, 'more.json'), '{}');
  expect(verifyPack(unpacked)).toEqual({ ok: false, file: 'more.json', wrong: 'not_listed' });
  rmSync(path.join(unpacked, 'more.json'));
  mkdirSync(path.join(unpacked, 'more'));
  expect(verifyPack(unpacked)).toEqual({ ok: false, file: 'more', wrong: 'not_listed' });
  rmSync(path.join(unpacked, 'more'), { recursive: true });
  const manifest = path.join(unpacked, 'manifest.json');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('The Velvet Room', 'Another Room'));
  expect(verifyPack(unpacked)).toEqual({ ok: false, file: 'manifest.json', wrong: 'changed' });
  writeFileSync(manifest, text);
  writeFileSync(path.join(folder, 'torn.zip'), readFileSync(zipFile).subarray(0, 1_000));
  expect(verifyPack(path.join(folder, 'torn.zip'))).toMatchObject({ ok: false, file: 'torn.zip' });
});

test('only owners and managers make one, and only for a visit that is written down', async () => {
  const door = await club.tablet('Dora');
  const asked = await door.ask('POST', '/api/v1/inspection-packs', { visit: null });
  expect(asked.status).toBe(403);
  const { body } = await club.owner.ask<{ code: string }>('POST', '/api/v1/inspection-packs', { visit: 'none' });
  expect(body.code).toBe('record_unknown');
});
