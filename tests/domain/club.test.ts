import { expect, test } from 'vitest';
import { configureClub, setPriceList } from '#shared/domain/club.ts';
import { registerDancer } from '#shared/domain/dancer.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf, HALF_HOUR } from '../support/rules.ts';

const CLUB = {
  name: 'The Velvet Room',
  tz: 'America/New_York',
  currency: 'USD',
  cutoffMinutes: 360,
  pack: 'generic',
  taxBasisPoints: 0,
};

test('a club is set up once, in a time zone that there is', () => {
  expect(eventOf(configureClub(false, CLUB)).body).toEqual(CLUB);
  expect(configureClub(true, CLUB)).toEqual(refuse('club_configured'));
  expect(configureClub(false, { ...CLUB, tz: 'Mars/Olympus' })).toEqual(refuse('time_zone_unknown'));
});

test('a price list names each rate once, and no house share is more than its price', () => {
  expect(eventOf(setPriceList({ houseFeeCents: 0, roomRates: [] })).type).toBe('price_list.set');
  expect(eventOf(setPriceList({ houseFeeCents: 0, roomRates: [{ ...HALF_HOUR, houseCents: 28_000 }] })).type).toBe(
    'price_list.set',
  );
  expect(setPriceList({ houseFeeCents: 0, roomRates: [HALF_HOUR, HALF_HOUR] })).toEqual(refuse('name_taken'));
  expect(setPriceList({ houseFeeCents: 0, roomRates: [{ ...HALF_HOUR, houseCents: 28_001 }] })).toEqual(
    refuse('price_invalid'),
  );
});

const JADE = { stageName: 'Jade', birthDate: '1998-04-02', engagement: 'lease' } as const;
const SEALED = { born: { legal_name: 'v1.x', birth_date: 'v1.y' } };

test('a dancer is registered under her stage name; what is sealed travels sealed and nowhere else', () => {
  const registered = eventOf(registerDancer({ stageNameTaken: false }, JADE, SEALED, asking()));
  expect(registered).toMatchObject({ sub: ['born'], pii: SEALED });
  expect(registered.body).toEqual({ dancer: 'born', stageName: 'Jade', engagement: 'lease' });
});

test("a stage name is one dancer's, and a birth date is a date", () => {
  expect(registerDancer({ stageNameTaken: true }, JADE, SEALED, asking())).toEqual(refuse('stage_name_taken'));
  expect(registerDancer({ stageNameTaken: false }, { ...JADE, birthDate: '1998-02-30' }, SEALED, asking())).toEqual(
    refuse('birth_date_invalid'),
  );
});
