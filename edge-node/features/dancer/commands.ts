import { addCredential, registerDancer } from '#shared/domain/dancer.ts';
import type { Deciders } from '../command.ts';

export const dancerCommands: Deciders<'dancer.register' | 'credential.add'> = {
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
  'credential.add': ({ reads }, input, ask) =>
    addCredential(reads.dancers.dancer(input.dancer) !== undefined, input, ask),
};
