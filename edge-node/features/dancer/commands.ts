import { noteDancer, registerDancer, renameDancer } from '#shared/domain/dancer.ts';
import { isNameHere } from '#shared/domain/stage-name.ts';
import { liftRestriction, restrictDancer } from '#shared/domain/restriction.ts';
import type { Deciders } from '../command.ts';

export const dancerCommands: Deciders<
  'dancer.register' | 'dancer.rename' | 'dancer.note' | 'dancer.restrict' | 'dancer.lift_restriction'
> = {
  'dancer.register': ({ reads, seal }, { legalName, ...input }, ask) => {
    const stageNameTaken = reads.dancers.named(input.stageName) !== undefined;
    const sealed = stageNameTaken
      ? {}
      : {
          legal_name: seal.seal(ask.id, 'legal_name', legalName),
          birth_date: seal.seal(ask.id, 'birth_date', input.birthDate),
        };
    return registerDancer({ stageNameTaken }, input, { [ask.id]: sealed }, ask);
  },
  'dancer.rename': ({ reads }, input, ask) => {
    const tonight = reads.roster.namesOfNight(ask.day?.day);
    const isHere = tonight.some(({ dancer }) => dancer === input.dancer);
    return renameDancer(
      {
        stageName: reads.dancers.dancer(input.dancer)?.stageName ?? null,
        stageNameTaken: reads.dancers.named(input.stageName) !== undefined,
        isNameHere: isHere && isNameHere(input.dancer, [input.stageName], tonight),
        local: reads.shared.field({ coll: 'dancer', id: input.dancer, field: 'stage_name' }),
      },
      input,
      ask,
    );
  },
  'dancer.note': ({ reads, seal }, { dancer, text }, ask) => {
    const known = reads.dancers.dancer(dancer) !== undefined;
    const sealed = known ? { [dancer]: { note: seal.seal(dancer, 'note', text) } } : {};
    return noteDancer(known, { dancer }, sealed, ask);
  },
  'dancer.restrict': ({ reads }, input, ask) =>
    restrictDancer(reads.dancers.dancer(input.dancer) !== undefined, input, ask),
  'dancer.lift_restriction': ({ reads }, { restriction, reason }, ask) =>
    liftRestriction(reads.shared.restriction(restriction), { reason, origin: 'floor', by: ask.by }),
};
