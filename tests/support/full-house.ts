import { openClub, type Club } from './night.ts';

const COURSE = {
  course: 'trafficking_awareness',
  completedOn: '2026-06-01',
  expiresOn: '2027-06-01',
  evidence: null,
} as const;

/** A demo club with so many dancers checked in, each with a looked-at document, a contract and a training. */
export async function openFullHouse(dancers: number): Promise<Club> {
  const club = await openClub();
  for (let at = club.dancers.length; at < dancers; at += 1) await hire(club, `Extra ${at}`);
  for (const { dancer } of club.edge.reads.dancers.roster()) {
    await club.owner.must('training.record', { person: dancer, ...COURSE });
    await club.owner.must('attendance.check_in', { dancer });
  }
  return club;
}

async function hire({ owner }: Club, stageName: string): Promise<void> {
  const person = { legalName: `Legal ${stageName}`, birthDate: '1995-05-05', engagement: 'lease' } as const;
  const dancer = await owner.must('dancer.register', { stageName, ...person });
  const contract = { kind: 'contract', issuer: 'Club', expiresOn: null, verified: true } as const;
  await owner.must('credential.add', { dancer, ...contract, number: `C-${stageName}` });
  const seen = { document: 'passport', issuer: 'US', last4: '1234', expiresOn: null } as const;
  await owner.must('identity.check', { dancer, ...seen, birthDate: '1995-05-05' });
}

/** The .zip that the node makes for the owner; `visit` is the site visit, where there is one. */
export async function inspectionPack(
  { owner, url }: Pick<Club, 'owner' | 'url'>,
  visit: string | null,
): Promise<Buffer> {
  const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ visit });
  const answer = await fetch(`${url}/api/v1/inspection-packs`, { method: 'POST', headers, body });
  const type = answer.headers.get('content-type');
  if (type !== 'application/zip') throw new Error(`The node answered ${answer.status} ${type}.`);
  return Buffer.from(await answer.arrayBuffer());
}
