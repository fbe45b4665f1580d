import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { verifyPack } from '../../edge-node/verify-pack.ts';
import { inspectionPack } from '../support/full-house.ts';
import { houseOf } from './door.ts';
import { minutes, refused, tell, type Night, type NightPlan } from './stagehands.ts';

/** What no evening is planned for: a man who grabs, a ban, the inspector at the door, a panic button that is tried. */
export function planTrouble(night: Night, { opens }: NightPlan): void {
  const { timeline } = night;
  timeline.at(opens + minutes(210), () => grabbed(night));
  timeline.at(opens + minutes(225), () => inspected(night));
  timeline.at(opens + minutes(20), () => tryButton(night));
}

async function grabbed(night: Night): Promise<void> {
  const { manager, mom, door, timeline } = night;
  const { dancer } = night.seed.pick((await night.look('attendance')).filter(({ state }) => state === 'CHECKED_IN'));
  const incident: CommandInput<'incident.report'> = {
    night: null,
    kind: 'harassment',
    severity: 'medium',
    happenedAt: timeline.now(),
    room: null,
    session: null,
    dancers: [dancer],
    policeCalled: false,
    text: 'He held her by the arm and was shown out.',
    people: 'A man of about fifty, grey suit',
  };
  const record = await mom.must('incident.report', incident);
  const complaint = await mom.must('complaint.log', {
    night: null,
    allegation: 'harassment',
    happenedOn: '2026-10-31',
    dancer,
    statement: 'none',
    sameCustomerAs: null,
    customer: 'A man of about fifty, grey suit',
    text: 'He held her by the arm.',
  });
  await manager.must('complaint.judge', { record: complaint, isCredible: true, explanation: 'Two people saw it.' });
  const ban: CommandInput<'blocklist_entry.add'> = {
    complaint,
    evidence: 'other_credible',
    incidentOn: '2026-10-31',
    expiresOn: '2027-10-31',
    reviewOn: null,
    scope: 'common_ownership',
    name: null,
    description: 'A man of about fifty, grey suit',
  };
  await refused(night, 'ban_too_short', manager.give('blocklist_entry.add', ban));
  const entry = await manager.must('blocklist_entry.add', { ...ban, expiresOn: '2029-12-31' });
  await manager.must('incident.review', { record });
  await manager.must('incident.close', { record, outcome: 'Shown out and banned' });
  const area = await houseOf(night);
  await door.must('door.refuse', { area, count: 1, because: 'blocklisted', blocklistEntry: entry, text: null });
  tell(night, 'a guest is shown out and banned');
}

async function inspected(night: Night): Promise<void> {
  const visit = await night.manager.must('site_visit.record', {
    night: null,
    agency: 'Licensing',
    purpose: 'routine',
    arrivedAt: night.timeline.now(),
    shown: ['daily log'],
    copyHash: null,
    officer: 'R. Alvarez',
    badge: '4471',
    remarks: null,
    signature: 'M0 0 L20 8 L34 2',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-night-'));
  const file = path.join(folder, 'pack.zip');
  writeFileSync(file, await inspectionPack({ owner: night.manager, url: night.url }, visit));
  const finding = verifyPack(file);
  rmSync(folder, { recursive: true });
  if (!finding.ok) throw new Error(`The inspector's pack is not whole: ${finding.file} ${finding.wrong}`);
  tell(night, 'an inspector comes by, and leaves with a pack that proves itself');
}

async function tryButton(night: Night): Promise<void> {
  const [room] = await night.look('room');
  const good = { isSilent: true, isLocated: true, isLatched: true, remarks: null } as const;
  await refused(night, 'place_missing', night.manager.give('safety_test.record', { ...good, room: null, place: null }));
  await night.manager.must('safety_test.record', { ...good, room: room?.id ?? null, place: null });
}
