import {
  addCredential,
  checkIdentity,
  renewCredential,
  revokeCredential,
  suspendCredential,
  verifyCredential,
} from '#shared/domain/credential.ts';
import type { SealedFields } from '#shared/domain/event.ts';
import type { Seal } from '../../seal/seal.ts';
import type { Deciders } from '../command.ts';

export const paperCommands: Deciders<
  | 'credential.add'
  | 'credential.renew'
  | 'credential.verify'
  | 'credential.suspend'
  | 'credential.revoke'
  | 'identity.check'
> = {
  'credential.add': ({ reads, seal }, { number, issuedOn = null, ...input }, ask) => {
    const known = reads.dancers.dancer(input.dancer) !== undefined;
    return addCredential(known, { ...input, issuedOn }, sealedNumber(seal, known ? input.dancer : null, number), ask);
  },
  'credential.renew': ({ reads, seal }, { credential, number, issuedOn = null, ...input }, ask) => {
    const old = reads.dancers.credential(credential);
    return renewCredential(old, { ...input, issuedOn }, sealedNumber(seal, old?.dancer ?? null, number), ask);
  },
  'credential.verify': ({ reads }, { credential }, ask) => verifyCredential(reads.dancers.credential(credential), ask),
  'credential.suspend': ({ reads }, { credential, endedBy }, ask) =>
    suspendCredential(reads.dancers.credential(credential), { endedBy }, ask),
  'credential.revoke': ({ reads }, { credential, endedBy }, ask) =>
    revokeCredential(reads.dancers.credential(credential), { endedBy }, ask),
  'identity.check': ({ reads, seal }, { issuer, last4, ...input }, ask) => {
    const row = reads.dancers.dancer(input.dancer);
    const facts = {
      known: row !== undefined,
      birthDate: row ? seal.open(input.dancer, 'birth_date', row.birthDate) : null,
      today: reads.policy.datesAt(ask.now).business,
    };
    const sealed = row
      ? {
          [input.dancer]: {
            identity_issuer: seal.seal(input.dancer, 'identity_issuer', issuer),
            identity_last4: seal.seal(input.dancer, 'identity_last4', last4),
          },
        }
      : {};
    return checkIdentity(facts, input, sealed, ask);
  },
};

function sealedNumber(seal: Seal, dancer: string | null, number: string | undefined): SealedFields {
  if (dancer === null || number === undefined) return {};
  return { [dancer]: { credential_number: seal.seal(dancer, 'credential_number', number) } };
}
