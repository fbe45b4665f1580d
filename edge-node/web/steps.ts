import type { SessionAnswer, SignInAnswer } from '#shared/contract/api.ts';
import { signOut, whoMaySignIn } from './api.ts';
import { openFloor, type Floor } from './floor.ts';
import { forgetSession, keepSession, keptSession, pairingCode, type Session } from './session.ts';
import { createSignal, type Signal } from './signal.ts';

/** Where this device stands: looking for the node, unpaired, paired with nobody signed in, or on the floor. */
type Step =
  | { readonly at: 'looking'; readonly isGone: boolean }
  | { readonly at: 'pairing' }
  | { readonly at: 'sign-in'; readonly who: SignInAnswer }
  | { readonly at: 'floor'; readonly floor: Floor };
export type Steps = {
  readonly step: Signal<Step>;
  readonly look: () => void;
  readonly signedIn: (answer: SessionAnswer) => void;
  readonly signOut: () => void;
};

const LOOK_AGAIN_MS = 2_000;

export function openSteps(): Steps {
  const step = createSignal<Step>({ at: 'looking', isGone: false });
  const leave = () => {
    const now = step.get();
    if (now.at === 'floor') now.floor.close();
    forgetSession();
    look();
  };
  const enter = (session: Session) => step.set({ at: 'floor', floor: openFloor(session, leave) });
  const look = () => {
    step.set({ at: 'looking', isGone: false });
    void lookForNode(step);
  };

  const kept = pairingCode() === null ? keptSession() : null;
  if (kept) enter(kept);
  else look();
  return {
    step,
    look,
    signedIn: (answer) => enter(keepSession(answer)),
    signOut() {
      const now = step.get();
      if (now.at === 'floor') void signOut(now.floor.session.token);
      leave();
    },
  };
}

async function lookForNode(step: Signal<Step>): Promise<void> {
  const answer = await whoMaySignIn();
  if (step.get().at !== 'looking') return;
  if (answer.ok) step.set(pairingCode() === null ? { at: 'sign-in', who: answer.value } : { at: 'pairing' });
  else if (answer.trouble === 'device_unknown') step.set({ at: 'pairing' });
  else {
    step.set({ at: 'looking', isGone: true });
    setTimeout(() => void lookForNode(step), LOOK_AGAIN_MS);
  }
}
