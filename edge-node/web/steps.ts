import type { SessionAnswer, SignInAnswer, StatusAnswer } from '#shared/contract/api.ts';
import { signOut, whoMaySignIn, type Answer, type Trouble } from './api.ts';
import { openFloor, type Floor } from './floor.ts';
import { forgetSession, keepSession, keptSession, pairingCode, type Session } from './session.ts';
import { createSignal, type Signal } from './signal.ts';
import { openTails, type Tails } from './tails.ts';
import { openWitness, type Witness } from './witness.ts';

/** Where this device stands: looking for the node, unpaired, paired with nobody signed in, or on the floor. */
type Step =
  | { readonly at: 'looking'; readonly trouble: Trouble | null }
  | { readonly at: 'pairing' }
  | { readonly at: 'sign-in'; readonly who: SignInAnswer }
  | { readonly at: 'floor'; readonly floor: Floor };
export type Steps = {
  readonly step: Signal<Step>;
  readonly look: () => void;
  readonly signedIn: (answer: SessionAnswer) => void;
  readonly signOut: () => void;
};
type Kept = { readonly tails: Tails; readonly witness: Witness };

const LOOK_AGAIN_MS = 2_000;
/** Nobody may touch a tablet for hours, and still the box may need what it keeps. */
const ASK_AGAIN_MS = 10_000;

export function openSteps(): Steps {
  const step = createSignal<Step>({ at: 'looking', trouble: null });
  const tails = openTails();
  const kept = { tails, witness: openWitness(tails) };
  const leave = () => {
    const now = step.get();
    if (now.at === 'floor') now.floor.close();
    forgetSession();
    look();
  };
  const onBox = (box: StatusAnswer['box']) => void askIfRecovering(box, kept);
  const enter = (session: Session) =>
    step.set({ at: 'floor', floor: openFloor(session, { tails, onSignedOut: leave, onBox }) });
  const look = () => {
    step.set({ at: 'looking', trouble: null });
    void lookForNode(step, kept);
  };

  const session = pairingCode() === null ? keptSession() : null;
  if (session) enter(session);
  else look();
  return {
    step,
    look,
    signedIn: (answer) => enter(keepSession(answer)),
    signOut() {
      const now = step.get();
      // What the floor says at its end still needs the session.
      leave();
      if (now.at === 'floor') void signOut(now.floor.session.token);
    },
  };
}

async function lookForNode(step: Signal<Step>, kept: Kept): Promise<void> {
  const before = step.get();
  const answer = await askWho(kept);
  const now = step.get();
  // Somebody signed in, or paired, while the node was asked.
  if (now !== before) return;
  const next = stepOf(answer, now);
  if (JSON.stringify(next) !== JSON.stringify(now)) step.set(next);
  if (next.at === 'looking' || next.at === 'sign-in')
    setTimeout(
      () => {
        if (step.get() === next || step.get() === now) void lookForNode(step, kept);
      },
      next.at === 'looking' ? LOOK_AGAIN_MS : ASK_AGAIN_MS,
    );
}

function stepOf(answer: Answer<SignInAnswer>, now: Step): Step {
  if (answer.ok) return pairingCode() === null ? { at: 'sign-in', who: answer.value } : { at: 'pairing' };
  if (answer.trouble === 'device_unknown' || answer.trouble === 'club_not_configured') return { at: 'pairing' };
  // A node that is away for a moment takes nobody's typing away.
  return now.at === 'sign-in' ? now : { at: 'looking', trouble: answer.trouble };
}

/** Only a box that knows its club can say that a device is none of it: then what the device keeps goes. */
async function askWho({ tails, witness }: Kept): Promise<Answer<SignInAnswer>> {
  const answer = await whoMaySignIn();
  if (answer.ok || answer.trouble === 'device_unknown') witness.wanted(answer.ok && answer.value.tailsWanted);
  if (!answer.ok && answer.trouble === 'device_unknown') tails.clear();
  return answer;
}

/** Whether this device is asked for what it keeps, the box says to the device, whoever is signed in. */
async function askIfRecovering(box: StatusAnswer['box'], kept: Kept): Promise<void> {
  if (box === 'recovering') await askWho(kept);
  else kept.witness.wanted(false);
}
