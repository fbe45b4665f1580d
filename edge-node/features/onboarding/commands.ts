import type { ONBOARDING_ROUTES } from '#shared/contract/onboarding-api.ts';
import { registerDancer } from '#shared/domain/dancer.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { approve, refuseApplication } from '#shared/domain/onboarding.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Deciders } from '../command.ts';

export const onboardingCommands: Deciders<keyof typeof ONBOARDING_ROUTES> = {
  'onboarding.approve': ({ reads, seal }, { invitation }, ask) => {
    const found = reads.onboarding.invitation(invitation);
    const approved = approve(found, ask.id);
    if (!approved.ok || !found) return approved;
    const open = (field: string, sealed: string | null) =>
      sealed === null ? null : seal.open(invitation, field, sealed);
    const [stageName, legalName, birthDate] = [
      open('stage_name', found.stageName),
      open('legal_name', found.legalName),
      open('birth_date', found.birthDate),
    ];
    if (stageName === null || legalName === null || birthDate === null) return refuse('record_erased');
    const stageNameTaken = reads.dancers.named(stageName) !== undefined;
    if (stageNameTaken) return refuse('stage_name_taken');
    const sealed = {
      legal_name: seal.seal(ask.id, 'legal_name', legalName),
      birth_date: seal.seal(ask.id, 'birth_date', birthDate),
    };
    const command = { stageName, birthDate, engagement: found.engagement ?? 'independent_contractor' } as const;
    const registered = registerDancer({ stageNameTaken }, command, { [ask.id]: sealed }, ask);
    return registered.ok ? accept<ClubEvent>(...registered.events, ...approved.events) : registered;
  },
  'onboarding.refuse': ({ reads }, { invitation, reason }) =>
    refuseApplication(reads.onboarding.invitation(invitation), { reason }),
};
