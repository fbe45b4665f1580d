import type { Db } from '../db/open.ts';
import { attendanceReads } from './attendance.ts';
import { businessDayReads } from './business-day.ts';
import { cashReads } from './cash.ts';
import { reportReads } from './cash-reports.ts';
import { clubReads } from './club.ts';
import { dancerReads } from './dancer.ts';
import { doorReads } from './door.ts';
import { drawerReads, ledgerReads } from './drawer.ts';
import { policyReads } from './policy.ts';
import { reviewReads } from './review.ts';
import { sessionReads } from './room-people.ts';
import { roomSessionReads } from './room-session.ts';
import { rosterReads } from './roster.ts';
import { rotationReads } from './rotation.ts';
import { safetyReads } from './safety.ts';
import { shiftReads } from './shift.ts';
import { deskReads } from './desk.ts';
import { onboardingReads } from './onboarding.ts';
import { trackReads } from './track.ts';
import { voucherReads } from './voucher.ts';
import { tallyReads } from './tally.ts';
import { sharedReads } from './shared.ts';

/** Every prepared question that may be asked of the state. */
export function openReads(db: Db) {
  return {
    club: clubReads(db),
    day: businessDayReads(db),
    dancers: dancerReads(db),
    policy: policyReads(db),
    attendance: attendanceReads(db),
    rotation: rotationReads(db),
    rooms: roomSessionReads(db),
    sessions: sessionReads(db),
    drawers: drawerReads(db),
    ledger: ledgerReads(db),
    door: doorReads(db),
    safety: safetyReads(db),
    cash: cashReads(db),
    reports: reportReads(db),
    shared: sharedReads(db),
    tally: tallyReads(db),
    shifts: shiftReads(db),
    tracks: trackReads(db),
    vouchers: voucherReads(db),
    desk: deskReads(db),
    onboarding: onboardingReads(db),
    review: reviewReads(db),
    roster: rosterReads(db),
  };
}
export type Reads = ReturnType<typeof openReads>;
