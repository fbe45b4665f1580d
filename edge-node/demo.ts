import type { Role } from '#shared/domain/event.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, RoutedCommand } from './features/command.ts';
import { nodeActor } from './give.ts';

/** Any number of devices of a demo may pair with it. A node outside a demo knows no such code. */
export const DEMO_PAIRING_CODE = 'DEMQ2345';

export const DEMO_STAFF: readonly { readonly name: string; readonly pin: string; readonly roles: readonly Role[] }[] = [
  { name: 'Olivia Owner', pin: '1111', roles: ['owner'] },
  { name: 'Max Manager', pin: '2222', roles: ['manager'] },
  { name: 'Dora Door', pin: '3333', roles: ['door'] },
  { name: 'Victor Host', pin: '4444', roles: ['vip_host'] },
  { name: 'DJ Juno', pin: '5555', roles: ['dj'] },
  { name: 'Helen House', pin: '6666', roles: ['house_mom'] },
  { name: 'Ben Bar', pin: '7777', roles: ['bartender'] },
];

const STAGE_NAMES =
  'Amber Angel Aria Ava Bella Blaze Bliss Brandy Candy Carmen Cherry Chloe Cleo Crystal Dahlia Daisy Destiny Diamond Ebony Eden Ember Envy Eve Fawn Gigi Ginger Harley Heaven Indigo Ivy Jade Jasmine Jewel Kali Karma Lace Lexi Lola Lotus Luna Lyric Mercedes Mia Misty Nova Onyx Opal Paris Pearl Phoenix Raven Rose Ruby Sable Scarlet Sienna Star Storm Velvet Violet'.split(
    ' ',
  );

/** Fewer events than this: the seeding may have been cut off, and is gone over again. */
export const DEMO_EVENTS_MIN = 240;

/** A club to try things on: staff, 60 dancers, 12 rooms, 2 stages, 4 drawers. */
export async function seedDemoClub(edge: Edge): Promise<void> {
  const give = giver(edge);
  await give('club.configure', {
    name: 'The Velvet Room',
    tz: 'America/Los_Angeles',
    currency: 'USD',
    cutoffMinutes: 360,
    pack: 'generic',
    taxBasisPoints: 0,
  });
  await give('price_list.set', {
    houseFeeCents: 6_000,
    roomRates: [
      { rate: 'vip15', name: '15 minutes', minutes: 15, grossCents: 15_000, houseCents: 5_000 },
      { rate: 'vip30', name: '30 minutes', minutes: 30, grossCents: 28_000, houseCents: 9_000 },
      { rate: 'vip60', name: '60 minutes', minutes: 60, grossCents: 50_000, houseCents: 17_500 },
    ],
  });
  for (const person of DEMO_STAFF) await give('staff.add', { ...person, roles: [...person.roles] });
  await give('stage.add', { name: 'Main stage', kind: 'main' });
  await give('stage.add', { name: 'Side stage', kind: 'side' });
  for (let room = 1; room <= 12; room += 1) await give('room.add', { name: `VIP ${room}` });
  await give('area.add', { name: 'House', limit: 250 });
  for (const name of ['Door', 'Bar', 'VIP', 'Office']) await give('drawer.add', { name });
  await Promise.all(STAGE_NAMES.map((stageName, at) => seedDancer(give, stageName, at)));
}

/** An evening under way, so that there is something to look at: 24 dancers at work, both rotations, a few rooms. */
export async function seedDemoEvening(edge: Edge): Promise<void> {
  const give = giver(edge);
  const { reads } = edge;
  const responsible = reads.club.staffNamed('Max Manager')?.staff ?? '';
  const [stages, drawers] = [reads.club.stages(), reads.club.drawers()];
  const dancers = reads.dancers.roster().slice(0, 24);
  const drawer = drawers[0]?.drawer ?? '';
  await give('day.open', { date: null });
  for (const one of drawers) await give('drawer.open', { drawer: one.drawer, responsible, bankCents: 150_000 });
  for (const [at, { dancer }] of dancers.entries()) {
    const fee = await give('attendance.check_in', { dancer });
    if (at % 4 !== 3) await give('house_fee.pay', { fee, drawer });
    await give('rotation.add', { stage: stages[at % stages.length]?.stage ?? '', dancer });
  }
  for (const [at, { room }] of reads.club.rooms().slice(0, 4).entries()) {
    const session = await give('room_session.quote', {
      room,
      rate: 'vip30',
      dancers: [dancers.at(-1 - at)?.dancer ?? ''],
    });
    if (at < 3) await give('room_session.start', { session });
  }
}

type Give = <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<string>;

async function seedDancer(give: Give, stageName: string, at: number): Promise<void> {
  const birthDate = `${1988 + (at % 14)}-${String((at % 12) + 1).padStart(2, '0')}-15`;
  const dancer = await give('dancer.register', {
    stageName,
    legalName: `Demo Person ${at + 1}`,
    birthDate,
    engagement: 'independent_contractor',
  });
  const contract = { dancer, kind: 'contract', issuer: 'The Velvet Room', expiresOn: null, verified: true } as const;
  await give('credential.add', contract);
  const seen = { document: 'driver_license', issuer: 'Nevada', last4: String(1_000 + at), expiresOn: null } as const;
  await give('identity.check', { dancer, ...seen, birthDate });
}

/** The key is what is given, so that a start that was cut off is gone over again without doing anything twice. */
function giver(edge: Edge): Give {
  const actor = nodeActor(edge.log.genesis.nodeId);
  return async (name, input) => {
    const answer = await edge.command(name, input, { key: `demo ${name} ${JSON.stringify(input)}`, actor });
    assert(answer.ok, `the demo club takes ${name}`);
    return answer.id;
  };
}
