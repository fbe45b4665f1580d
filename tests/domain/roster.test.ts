import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSignature, signAgreement } from '#shared/domain/agreement.ts';
import { correctDancer, engagementOn, setEngagement } from '#shared/domain/person.ts';
import {
  barDancer,
  holdsOn,
  reviewRestriction,
  standing,
  type BarDancer,
  type RestrictionFact,
} from '#shared/domain/restriction.ts';
import { addStageName, dropStageName, isNameHere, spoken } from '#shared/domain/stage-name.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf, eventsOf } from '../support/rules.ts';

const TODAY = '2026-11-21';
const JADE = 'jade';

describe('stage names', () => {
  const facts = { names: ['Jade'], isHere: true, tonight: [{ dancer: 'opal', name: 'Opal' }] };

  test('two names that sound alike in the booth are one name', () => {
    expect(spoken('  JADE\u00A0 Rose ')).toBe(spoken('Jade rose'));
    expect(spoken('Ja\u200Bde\u202E \uFEFFRose')).toBe(spoken('Jade rose'));
    expect(isNameHere(JADE, ['Jade', 'opal '], facts.tonight)).toBe(true);
    expect(isNameHere(JADE, ['Jade', 'op\u200Bal'], facts.tonight)).toBe(true);
    expect(isNameHere('opal', ['Opal'], facts.tonight)).toBe(false);
  });

  test('a further name is refused where she has it, and where somebody else here dances under it', () => {
    const add = (stageName: string, over: object = {}) =>
      addStageName({ ...facts, ...over }, { dancer: JADE, stageName });
    expect(eventOf(add('Ruby'))).toMatchObject({
      type: 'dancer.stage_name_added',
      body: { dancer: JADE, stageName: 'Ruby' },
    });
    expect(add('jade')).toEqual(refuse('nothing_changed'));
    expect(add('OPAL')).toEqual(refuse('stage_name_here'));
    expect(eventOf(add('Opal', { isHere: false }))).toMatchObject({ body: { stageName: 'Opal' } });
    expect(add('Ruby', { names: null })).toEqual(refuse('dancer_unknown'));
  });

  test('only a further name is dropped', () => {
    const drop = (stageName: string, isKnown = true) =>
      dropStageName({ isKnown, further: ['Ruby'] }, { dancer: JADE, stageName });
    expect(eventOf(drop('Ruby')).body).toEqual({ dancer: JADE, stageName: 'Ruby' });
    expect(drop('Jade')).toEqual(refuse('stage_name_unknown'));
    expect(drop('Ruby', false)).toEqual(refuse('dancer_unknown'));
  });
});

describe('a correction', () => {
  const person = { legalName: 'Jane Doe', birthDate: '1998-04-02' };
  const correct = (legalName: string | null, birthDate: string | null) =>
    correctDancer(person, { dancer: JADE, legalName, birthDate }, { jade: { x: 'v1.sealed' } }, asking());

  test('names the fields that it changes, who did it, and nothing in clear', () => {
    const made = eventOf(correct('Jane Dow', '1998-04-02'));
    expect(made.body).toEqual({ dancer: JADE, fields: ['legal_name'], by: 'staff-1' });
    expect(made).toMatchObject({ sub: [JADE], pii: { jade: { x: 'v1.sealed' } } });
    expect(eventOf(correct('Jane Dow', '1998-04-03')).body.fields).toEqual(['legal_name', 'birth_date']);
  });

  test('is refused for nobody, for no date, and where nothing is other', () => {
    expect(correct(null, '1998-02-30')).toEqual(refuse('birth_date_invalid'));
    expect(correct('Jane Doe', null)).toEqual(refuse('nothing_changed'));
    const nobody = { dancer: 'x', legalName: 'A', birthDate: null };
    expect(correctDancer(null, nobody, {}, asking())).toEqual(refuse('dancer_unknown'));
  });
});

describe('an engagement', () => {
  const sets = [
    { effectiveFrom: '2026-12-01', engagement: 'employee' },
    { effectiveFrom: '2026-11-25', engagement: 'independent_contractor' },
  ] as const;

  test('holds from its first date on, before it the one that she was registered with', () => {
    const on = (date: string) => engagementOn('lease', sets, date);
    expect(['2026-11-24', '2026-11-25', '2026-11-30', '2026-12-01'].map(on)).toEqual([
      'lease',
      'independent_contractor',
      'independent_contractor',
      'employee',
    ]);
  });

  test('is set for coming nights alone, and only where it is another one', () => {
    const set = (effectiveFrom: string, registered: 'lease' | null = 'lease') =>
      setEngagement(
        { registered, sets, lastDate: TODAY },
        { dancer: JADE, effectiveFrom, engagement: 'employee' },
        asking(),
      );
    expect(set(TODAY)).toEqual(refuse('date_past'));
    expect(set('2026-12-02')).toEqual(refuse('nothing_changed'));
    expect(set('2026-02-30')).toEqual(refuse('body_invalid'));
    expect(set('2026-11-22', null)).toEqual(refuse('dancer_unknown'));
    expect(eventOf(set('2026-11-22')).body).toMatchObject({ engagement: 'employee', effectiveFrom: '2026-11-22' });
  });
});

describe('a suspension or a ban', () => {
  const bar = (over: Partial<BarDancer>, isKnown = true) =>
    barDancer(
      { isKnown, today: TODAY },
      { dancer: JADE, kind: 'banned', reason: 'fight', reviewOn: null, expiresOn: null, ...over },
      asking(),
    );
  const fact: RestrictionFact = {
    restriction: 'r',
    dancer: JADE,
    kind: 'banned',
    origin: 'floor',
    lifted: false,
    expiresOn: TODAY,
  };

  test('a ban has a last date or a review, a suspension a last date', () => {
    expect(bar({})).toEqual(refuse('ban_needs_end'));
    expect(bar({ kind: 'suspended', reviewOn: TODAY })).toEqual(refuse('suspension_needs_end'));
    expect(bar({ expiresOn: '2026-11-20' })).toEqual(refuse('date_in_past'));
    expect(bar({ reviewOn: '2026-12-02', expiresOn: '2026-12-01' })).toEqual(refuse('dates_reversed'));
    expect(bar({ reviewOn: '2026-13-01' })).toEqual(refuse('body_invalid'));
    expect(bar({ reviewOn: TODAY }, false)).toEqual(refuse('dancer_unknown'));
    expect(eventsOf(bar({ reviewOn: TODAY })).map(({ type }) => type)).toEqual([
      'dancer.restricted',
      'dancer.restriction_dated',
    ]);
  });

  test('one that expires tonight holds tonight and not tomorrow', () => {
    expect([holdsOn(fact, TODAY), holdsOn(fact, '2026-11-22')]).toEqual([true, false]);
    expect(standing([fact, { ...fact, kind: 'suspended', expiresOn: null }], '2026-11-22')).toEqual(['suspended']);
  });

  test('a review gives other dates to one of the floor that stands', () => {
    const dates = { today: TODAY, reviewOn: null, expiresOn: '2026-12-24' };
    expect(eventOf(reviewRestriction(fact, dates, asking())).body).toMatchObject({
      restriction: 'r',
      expiresOn: '2026-12-24',
    });
    expect(reviewRestriction(undefined, dates, asking())).toEqual(refuse('restriction_unknown'));
    expect(reviewRestriction({ ...fact, origin: 'hq' }, dates, asking())).toEqual(refuse('restriction_from_hq'));
    expect(reviewRestriction({ ...fact, lifted: true }, dates, asking())).toEqual(refuse('restriction_lifted'));
    expect(reviewRestriction({ ...fact, expiresOn: '2026-11-20' }, dates, asking())).toEqual(
      refuse('restriction_over'),
    );
    expect(reviewRestriction({ ...fact, expiresOn: TODAY }, dates, asking()).ok).toBe(true);
    expect(reviewRestriction(fact, { ...dates, expiresOn: null }, asking())).toEqual(refuse('ban_needs_end'));
  });

  test('never does a restriction hold that was lifted, nor one behind its last date (property)', () => {
    const date = fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`);
    fc.assert(
      fc.property(fc.boolean(), fc.option(date), date, (lifted, expiresOn, on) => {
        const holds = standing([{ ...fact, lifted, expiresOn }], on).length === 1;
        expect(holds).toBe(!lifted && (expiresOn === null || on <= expiresOn));
      }),
    );
  });
});

describe('an agreement', () => {
  const facts = { isKnown: true, club: 'Club', today: TODAY, before: 'old' };
  const text = { dancer: JADE, version: '3', textHash: 'a'.repeat(64), expiresOn: null };
  const strokes = [
    [1, 1, 2, 2],
    [3, 3, 4, 4],
  ];
  const sealed = { jade: { signature: 'v1.sealed' } };

  test('a contract is her credential, too, and renews the one before it', () => {
    const [signed, paper] = eventsOf(signAgreement(facts, { ...text, kind: 'contract', strokes }, sealed, asking()));
    expect(signed).toMatchObject({ type: 'agreement.signed', sub: [JADE], pii: sealed });
    expect(JSON.stringify(signed?.body)).not.toContain('strokes');
    expect(paper).toMatchObject({
      type: 'credential.added',
      body: { kind: 'contract', issuer: 'Club', issuedOn: TODAY, verified: true, renews: 'old' },
    });
    expect(eventOf(signAgreement(facts, { ...text, kind: 'house_rules', strokes }, sealed, asking())).type).toBe(
      'agreement.signed',
    );
  });

  test('a dot is no signature, and none is taken for a contract that is over', () => {
    expect([isSignature([]), isSignature([[1, 1]]), isSignature([[1, 1, 2, 2, 3]]), isSignature(strokes)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const sign = (over: object) =>
      signAgreement({ ...facts, ...over }, { ...text, kind: 'contract', strokes, ...over }, sealed, asking());
    expect(sign({ strokes: [] })).toEqual(refuse('signature_missing'));
    expect(sign({ expiresOn: '2026-11-20' })).toEqual(refuse('date_in_past'));
    expect(sign({ expiresOn: 'never' })).toEqual(refuse('body_invalid'));
    expect(sign({ isKnown: false })).toEqual(refuse('dancer_unknown'));
  });
});
