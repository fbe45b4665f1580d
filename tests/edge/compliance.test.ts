import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertsAnswer } from '#shared/contract/api.ts';
import type { PolicyPack } from '#shared/domain/policy-pack.ts';
import { setClock } from '../../edge-node/clock.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { setUpClub } from '../../edge-node/set-up.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import { pairTablet, type Tablet } from '../support/tablet.ts';

const CLUB = { name: 'Reno Club', tz: 'America/Los_Angeles', currency: 'USD', owner: 'Olga', pin: '1234' } as const;
let folder: string;
let node: TestEdge;
let owner: Tablet;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-reno-'));
  await setUpClub(folder, { ...CLUB, pack: 'us-nv-reno' }, null);
  const clock = setClock({ wall: Date.parse('2026-11-21T21:00:00-08:00'), mono: 1 }, 'b_reno');
  node = await buildTestEdge({ folder, clock, demo: false });
  owner = await pairTablet(node.url, { code: DEMO_PAIRING_CODE, name: CLUB.owner, pin: CLUB.pin });
});
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const register = (stageName: string, engagement: 'employee' | 'independent_contractor') =>
  owner.must('dancer.register', { stageName, legalName: `${stageName} Legal`, birthDate: '1999-01-01', engagement });
const give = (dancer: string, kind: 'work_card' | 'business_license', expiresOn: string | null) =>
  owner.must('credential.add', { dancer, kind, issuer: 'City of Reno', expiresOn, verified: true });

test('the rules in force are read with their sources', async () => {
  const { status, body } = await owner.ask<PolicyPack>('GET', '/api/v1/policy-pack');
  expect(status).toBe(200);
  expect(body).toMatchObject({ pack: 'us-nv-reno', version: 1, warningDays: 14 });
  expect(body.rules.find(({ rule }) => rule === 'us-nv-reno.work_card')).toMatchObject({
    source: 'Reno Municipal Code 5.05.012, 5.06.100',
    checkedOn: '2026-11-22',
  });
});

test('who may work is decided by the place’s pack, by how she is engaged, and kept with the check-in', async () => {
  const employed = await register('Amber', 'employee');
  const contractor = await register('Blair', 'independent_contractor');
  for (const dancer of [employed, contractor]) await give(dancer, 'work_card', '2026-11-21');
  await owner.must('day.open', { date: null });
  expect(await owner.give('attendance.check_in', { dancer: contractor })).toMatchObject({
    problem: { code: 'not_eligible' },
  });
  await give(contractor, 'business_license', null);
  await owner.must('attendance.check_in', { dancer: contractor });
  await owner.must('attendance.check_in', { dancer: employed });
  const kept = node.edge.sqlite
    .prepare<[], string>(`SELECT line FROM event WHERE line LIKE '%"type":"attendance.checked_in"%' ORDER BY pos`)
    .pluck()
    .all()
    .map((line) => (JSON.parse(line) as { readonly body: { readonly eligibility: unknown } }).body.eligibility);
  const warned = { code: 'credential_expires_soon', severity: 'WARN', rule: 'us-nv-reno.work_card' };
  const decision = { verdict: 'WARN', reasons: [warned], pack: 'us-nv-reno', packVersion: 1 };
  expect(kept).toEqual([decision, decision]);
});

test('the alerts name whose papers end or are missing, by the date of the open night', async () => {
  const lasting = await register('Carmen', 'employee');
  await give(lasting, 'work_card', '2027-06-01');
  await register('Dita', 'employee');
  const { status, body } = await owner.ask<AlertsAnswer>('GET', '/api/v1/compliance-alerts');
  expect(status).toBe(200);
  expect(body).toMatchObject({ date: '2026-11-21', pack: 'us-nv-reno', packVersion: 1 });
  const ends = { code: 'credential_expires_soon', kinds: ['work_card'], expiresOn: '2026-11-21', days: 0 };
  expect(body.dancers.map(({ stageName, alerts }) => [stageName, alerts])).toEqual([
    ['Amber', [{ ...ends, rule: 'us-nv-reno.work_card' }]],
    ['Blair', [{ ...ends, rule: 'us-nv-reno.work_card' }]],
    [
      'Dita',
      [{ code: 'credential_missing', kinds: ['work_card'], expiresOn: null, days: null, rule: 'us-nv-reno.work_card' }],
    ],
  ]);
});

test('a club is not set up under a law that nobody knows', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'clubops-nowhere-'));
  await expect(setUpClub(other, { ...CLUB, pack: 'atlantis' }, null)).rejects.toThrow('policy pack');
  rmSync(other, { recursive: true, force: true });
});
