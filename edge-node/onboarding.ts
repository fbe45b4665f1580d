import { createHash } from 'node:crypto';
import type { Actor } from '#shared/contract/event-line.ts';
import type { InvitationAnswer, OnboardingForm, OpenedApplication } from '#shared/contract/onboarding-api.ts';
import { event } from '#shared/domain/event.ts';
import { applyBy, invite } from '#shared/domain/onboarding.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Clock } from './clock.ts';
import type { Deciding } from './features/command.ts';
import { withTexts } from './features/sealed.ts';
import type { NewId, Random } from './ids.ts';
import { limits } from './limits.ts';
import type { CommandQueue } from './log/command-queue.ts';

/** Somebody who wants to work here fills in on her own phone, by a code that is good for a day, once. */
export type Onboarding = {
  readonly invite: (actor: Actor) => Promise<InvitationAnswer | Refusal>;
  /** `from` is where it comes from: after some wrong codes nobody there is heard for a while. */
  readonly apply: (form: OnboardingForm, from: string) => Promise<{ readonly invitation: string } | Refusal>;
  readonly open: (invitation: string, actor: Actor) => Promise<OpenedApplication | Refusal>;
};
type Parts = { readonly newId: NewId; readonly random: Random; readonly clock: Clock };

/** Letters and digits that nobody takes for one another. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 10;
const codeHashOf = (code: string): string => createHash('sha256').update(code.toUpperCase()).digest('base64url');

export function openOnboarding({ reads, seal }: Deciding, queue: CommandQueue, parts: Parts): Onboarding {
  const { newId, random, clock } = parts;
  const wrong = openWrongCodes(clock);
  return {
    invite: async (actor) => {
      const code = Array.from(random(CODE_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
      const answer = await queue.submit({
        key: newId(),
        content: '',
        actor,
        decide: (ask) => invite(codeHashOf(code), ask),
      });
      if (!answer.ok) return answer.refusal;
      const expiresAt = reads.onboarding.invitation(answer.id)?.expiresAt ?? 0;
      return { invitation: answer.id, code, expiresAt };
    },
    apply: async ({ code, ...form }, from) => {
      if (wrong.isLocked(from)) return 'too_many_tries';
      const found = reads.onboarding.byCode(codeHashOf(code));
      const texts = { stage_name: form.stageName, legal_name: form.legalName, birth_date: form.birthDate };
      const answer = await queue.submit({
        key: newId(),
        content: '',
        actor: { kind: 'device', id: found?.invitation ?? 'unknown', dev: null, auth: 'device' },
        decide: ({ now }) => {
          const again = found && reads.onboarding.invitation(found.invitation);
          return withTexts(applyBy(again, form, now), { seal }, found?.invitation ?? '', texts);
        },
      });
      if (answer.ok) return { invitation: found?.invitation ?? answer.id };
      if (answer.refusal === 'invitation_unknown') wrong.add(from);
      return answer.refusal;
    },
    open: async (invitation, actor) => {
      const found = reads.onboarding.invitation(invitation);
      if (!found) return 'invitation_unknown';
      const opened = event('onboarding.opened', { invitation });
      const answer = await queue.submit({ key: newId(), content: '', actor, decide: () => accept(opened) });
      if (!answer.ok) return answer.refusal;
      const open = (field: string, sealed: string | null) =>
        sealed === null ? null : seal.open(invitation, field, sealed);
      return {
        invitation,
        stageName: open('stage_name', found.stageName),
        legalName: open('legal_name', found.legalName),
        birthDate: open('birth_date', found.birthDate),
      };
    },
  };
}

/** Wrong codes by where they came from. Forgotten after a while, and with a restart. */
function openWrongCodes(clock: Clock) {
  const tries = new Map<string, { count: number; until: number }>();
  return {
    isLocked: (from: string): boolean => {
      const found = tries.get(from);
      if (!found || found.until <= clock.mono()) return false;
      return found.count >= limits.onboardingTriesMax;
    },
    add: (from: string): void => {
      const found = tries.get(from);
      const count = found && found.until > clock.mono() ? found.count + 1 : 1;
      if (tries.size > limits.onboardingPlacesMax) tries.clear();
      tries.set(from, { count, until: clock.mono() + limits.onboardingLockMs });
    },
  };
}
