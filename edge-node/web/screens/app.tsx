import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SessionAnswer, SignInAnswer } from '#shared/contract/api.ts';
import { signOut, whoMaySignIn } from '../api.ts';
import { keepLanguage, keptLanguage, LanguageContext, useWords } from '../i18n/words.ts';
import { forgetSession, keepSession, keptSession, pairingCode, type Session } from '../session.ts';
import { FloorScreen } from './floor.tsx';
import { Pairing } from './pairing.tsx';
import { SignIn } from './sign-in.tsx';

type Step =
  | { readonly at: 'looking'; readonly isGone: boolean }
  | { readonly at: 'pairing' }
  | { readonly at: 'sign-in'; readonly who: SignInAnswer }
  | { readonly at: 'floor'; readonly session: Session };

const LOOK_AGAIN_MS = 2_000;

export function App() {
  const [language, setLanguage] = useState(keptLanguage);
  useEffect(() => keepLanguage(language), [language]);
  const context = useMemo(() => ({ language, setLanguage }), [language]);
  return (
    <LanguageContext value={context}>
      <Steps />
    </LanguageContext>
  );
}

function Steps() {
  const [step, setStep] = useState<Step>(firstStep);
  const look = useCallback(() => setStep({ at: 'looking', isGone: false }), []);
  const onSignedIn = useCallback((answer: SessionAnswer) => setStep({ at: 'floor', session: keepSession(answer) }), []);
  const onSignedOut = useCallback(() => {
    forgetSession();
    look();
  }, [look]);
  useLookForNode(step, setStep);

  if (step.at === 'floor') {
    const leave = () => void signOut(step.session.token).then(onSignedOut);
    return <FloorScreen session={step.session} onSignedOut={onSignedOut} onSignOut={leave} />;
  }
  if (step.at === 'sign-in') return <SignIn who={step.who} onSignedIn={onSignedIn} onUnpaired={look} />;
  if (step.at === 'pairing') return <Pairing onPaired={look} />;
  return <Looking isGone={step.isGone} />;
}

function firstStep(): Step {
  const session = pairingCode() === null ? keptSession() : null;
  return session ? { at: 'floor', session } : { at: 'looking', isGone: false };
}

function useLookForNode(step: Step, setStep: (step: Step) => void): void {
  useEffect(() => {
    if (step.at !== 'looking') return undefined;
    const state = { left: false, timer: 0 };
    const look = async () => {
      const answer = await whoMaySignIn();
      if (state.left) return;
      if (answer.ok) setStep(pairingCode() === null ? { at: 'sign-in', who: answer.value } : { at: 'pairing' });
      else if (answer.trouble === 'device_unknown') setStep({ at: 'pairing' });
      else {
        state.timer = window.setTimeout(look, LOOK_AGAIN_MS);
        if (!step.isGone) setStep({ at: 'looking', isGone: true });
      }
    };
    void look();
    return () => {
      state.left = true;
      clearTimeout(state.timer);
    };
  }, [step, setStep]);
}

function Looking({ isGone }: { readonly isGone: boolean }) {
  const words = useWords();
  return (
    <main className="gate">
      <h1>ClubOps</h1>
      <p role="status">{isGone ? words.nodeGone : words.looking}</p>
    </main>
  );
}
