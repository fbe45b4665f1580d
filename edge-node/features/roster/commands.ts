import { signAgreement } from '#shared/domain/agreement.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { changedIn, correctDancer, setEngagement } from '#shared/domain/person.ts';
import { barDancer, reviewRestriction } from '#shared/domain/restriction.ts';
import { addStageName, dropStageName, type NameFacts } from '#shared/domain/stage-name.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const rosterCommands: Deciders<
  | 'dancer.correct'
  | 'dancer.set_engagement'
  | 'dancer.add_stage_name'
  | 'dancer.drop_stage_name'
  | 'dancer.bar'
  | 'dancer.review_restriction'
  | 'agreement.sign'
> = {
  'dancer.correct': ({ reads, seal }, input, ask) => {
    const { dancer } = input;
    const row = reads.dancers.dancer(dancer);
    if (!row) return correctDancer(null, input, {}, ask);
    const person = {
      legalName: seal.open(dancer, 'legal_name', row.legalName),
      birthDate: seal.open(dancer, 'birth_date', row.birthDate),
    };
    const given = { legal_name: input.legalName, birth_date: input.birthDate };
    const sealed = changedIn(person, input).map((field) => [field, seal.seal(dancer, field, given[field] ?? '')]);
    return correctDancer(person, input, { [dancer]: Object.fromEntries(sealed) }, ask);
  },
  'dancer.set_engagement': ({ reads }, input, ask) => {
    const dates = reads.day.nights().map(({ date }) => date);
    const facts = {
      registered: reads.dancers.dancer(input.dancer)?.engagement ?? null,
      sets: reads.roster.engagements(input.dancer),
      lastDate: dates.toSorted().at(-1) ?? null,
    };
    return setEngagement(facts, input, ask);
  },
  'dancer.add_stage_name': ({ reads }, input, ask) => addStageName(nameFacts(reads, input.dancer, ask), input),
  'dancer.drop_stage_name': ({ reads }, input) => {
    const isKnown = reads.dancers.dancer(input.dancer) !== undefined;
    return dropStageName({ isKnown, further: reads.roster.furtherOf(input.dancer) }, input);
  },
  'dancer.bar': ({ reads }, input, ask) => {
    const isKnown = reads.dancers.dancer(input.dancer) !== undefined;
    return barDancer({ isKnown, today: reads.policy.datesAt(ask.now).business }, input, ask);
  },
  'dancer.review_restriction': ({ reads }, { restriction, reviewOn, expiresOn }, ask) => {
    const today = reads.policy.datesAt(ask.now).business;
    return reviewRestriction(reads.shared.restriction(restriction), { today, reviewOn, expiresOn }, ask);
  },
  'agreement.sign': ({ reads, seal }, input, ask) => {
    const { dancer, strokes } = input;
    const isKnown = reads.dancers.dancer(dancer) !== undefined;
    const before = reads.roster.agreements(dancer).find(({ kind }) => kind === 'contract')?.agreement;
    const facts = {
      isKnown,
      club: reads.club.settings()?.name ?? '',
      today: reads.policy.datesAt(ask.now).today,
      before: before ?? null,
    };
    const sealed = isKnown ? { [dancer]: { signature: seal.seal(dancer, 'signature', JSON.stringify(strokes)) } } : {};
    return signAgreement(facts, input, sealed, ask);
  },
};

function nameFacts(reads: Reads, dancer: string, { day }: Asking): NameFacts {
  const names = reads.roster.namesOf(dancer);
  const tonight = reads.roster.namesOfNight(day?.day);
  const isHere = tonight.some((one) => one.dancer === dancer);
  return { names: names.length === 0 ? null : names, isHere, tonight };
}
