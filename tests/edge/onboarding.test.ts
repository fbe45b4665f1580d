import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { InvitationAnswer, InvitationRow, OpenedApplication } from '#shared/contract/onboarding-api.ts';
import { refusalOf } from '../support/cash.ts';
import { newKey } from '../support/key.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { asker } from '../support/tablet.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const FORM = {
  stageName: 'Nova Prime',
  legalName: 'Maria Secret',
  birthDate: '1998-04-02',
  engagement: 'lease',
} as const;
const invited = async (one: Club) =>
  (await (await one.tablet('Helen')).ask<InvitationAnswer>('POST', '/api/v1/onboarding-invitations')).body;
const fillIn = (one: Club, code: string, over: object = {}) =>
  asker(one.url, {})<{ readonly code?: string }>('POST', '/api/v1/onboarding', { ...FORM, code, ...over });

test('she fills in on her own phone, a manager looks and approves, and she is on the roster; no name is in the log', async () => {
  const one = (club = await openClub());
  const { invitation, code } = await invited(one);
  expect((await fillIn(one, code)).status).toBe(200);
  expect((await fillIn(one, code)).body.code).toBe('invitation_unknown');
  const { body: listed } = await one.owner.ask<readonly InvitationRow[]>('GET', '/api/v1/onboarding-invitations');
  expect(listed).toMatchObject([{ invitation, state: 'APPLIED', engagement: 'lease' }]);
  const path = `/api/v1/onboarding-invitations/${invitation}/open`;
  const { body: opened } = await one.owner.ask<OpenedApplication>('POST', path);
  expect(opened).toEqual({ invitation, stageName: 'Nova Prime', legalName: 'Maria Secret', birthDate: '1998-04-02' });
  const dancer = await one.owner.must('onboarding.approve', { invitation });
  expect(refusalOf(await one.owner.give('onboarding.approve', { invitation }))).toBe('invitation_not_filled');
  expect(one.edge.reads.dancers.dancer(dancer)).toMatchObject({ stageName: 'Nova Prime', engagement: 'lease' });
  expect(one.edge.people.isSame(dancer, { legalName: 'Maria Secret', birthDate: '1998-04-02' })).toBe(true);
  const lines = linesOf(one.edge.sqlite).map(({ line }) => line);
  expect(lines.filter((line) => line.includes('"onboarding.opened"'))).toHaveLength(1);
  expect(lines.some((line) => line.includes('Secret') || line.includes(code))).toBe(false);
  const mom = await one.tablet('Helen');
  expect((await mom.ask('POST', path)).status).toBe(403);
  expectWhole(one);
});

test('what a refused one filled in can be read by nobody afterwards', async () => {
  const one = (club = await openClub());
  const { invitation, code } = await invited(one);
  await fillIn(one, code);
  const keys = () => one.edge.sqlite.prepare('SELECT count(*) FROM data_key WHERE subject = ?').pluck().get(invitation);
  expect(keys()).toBe(1);
  const wrapped = one.edge.sqlite.prepare('SELECT wrapped FROM data_key WHERE subject = ?').pluck().get(invitation);
  await one.owner.must('onboarding.refuse', { invitation, reason: 'papers_missing' });
  expect(keys()).toBe(0);
  one.edge.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  expect(readFileSync(join(one.folder, 'club.db')).includes(wrapped as Buffer)).toBe(false);
  const path = `/api/v1/onboarding-invitations/${invitation}/open`;
  const { body: opened } = await one.owner.ask<OpenedApplication>('POST', path);
  expect(opened).toEqual({ invitation, stageName: null, legalName: null, birthDate: null });
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('why an application is refused is a word: a text with her name in it is not taken', async () => {
  const one = (club = await openClub());
  const { invitation, code } = await invited(one);
  await fillIn(one, code);
  const path = `/api/v1/onboarding-invitations/${invitation}/refusal`;
  const told = { reason: 'Maria Secret is seventeen' };
  const { status } = await one.owner.ask('POST', path, told, { 'idempotency-key': newKey() });
  expect(status).toBe(400);
  await one.owner.must('onboarding.refuse', { invitation, reason: 'under_age' });
  expect(JSON.stringify(linesOf(one.edge.sqlite))).not.toContain('Secret');
});

test('a code is good for a day; after five wrong ones nobody there is heard for a while', async () => {
  const one = (club = await openClub());
  const { code } = await invited(one);
  const { code: late } = await invited(one);
  for (let tries = 0; tries < 5; tries += 1)
    expect((await fillIn(one, 'WRONGCODE2')).body.code).toBe('invitation_unknown');
  expect((await fillIn(one, code)).body.code).toBe('too_many_tries');
  pass(one.clock, 16 * 60_000);
  expect((await fillIn(one, code, { birthDate: '1998-02-30' })).body.code).toBe('birth_date_invalid');
  for (const birthDate of ['2027-04-02', '0098-04-02'])
    expect((await fillIn(one, code, { birthDate })).body.code).toBe('birth_date_invalid');
  expect((await fillIn(one, code.toLowerCase())).status).toBe(200);
  pass(one.clock, 24 * 3_600_000);
  expect((await fillIn(one, late)).body.code).toBe('invitation_unknown');
});

test('an application is refused with a reason, and one under a taken name waits for another', async () => {
  const one = (club = await openClub());
  const { invitation, code } = await invited(one);
  expect(refusalOf(await one.owner.give('onboarding.approve', { invitation }))).toBe('invitation_not_filled');
  await fillIn(one, code, { stageName: 'Amber' });
  expect(refusalOf(await one.owner.give('onboarding.approve', { invitation }))).toBe('stage_name_taken');
  await one.owner.must('onboarding.refuse', { invitation, reason: 'stage_name' });
  expect(refusalOf(await one.owner.give('onboarding.refuse', { invitation, reason: 'withdrawn' }))).toBe(
    'invitation_answered',
  );
});
