import { useEffect, useMemo, useState } from 'react';
import type { Trouble } from '../api.ts';
import { keepLanguage, keptLanguage, LanguageContext, useWords, type Words } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import type { Steps } from '../steps.ts';
import { FloorScreen } from './floor.tsx';
import { Pairing } from './pairing.tsx';
import { SignIn } from './sign-in.tsx';

export function App({ steps }: { readonly steps: Steps }) {
  const [language, setLanguage] = useState(keptLanguage);
  useEffect(() => keepLanguage(language), [language]);
  const context = useMemo(() => ({ language, setLanguage }), [language]);
  return (
    <LanguageContext value={context}>
      <Present steps={steps} />
    </LanguageContext>
  );
}

/** A box that is there and can't let anybody in yet says so; all else is the same to who waits. */
function sayLooking(trouble: Trouble, words: Words): string {
  return trouble === 'box_recovering' || trouble === 'box_fenced' ? words.troubles[trouble] : words.nodeGone;
}

function Present({ steps }: { readonly steps: Steps }) {
  const words = useWords();
  const step = useSignal(steps.step);
  if (step.at === 'floor') return <FloorScreen floor={step.floor} onSignOut={steps.signOut} />;
  if (step.at === 'sign-in') return <SignIn who={step.who} onSignedIn={steps.signedIn} onUnpaired={steps.look} />;
  if (step.at === 'pairing') return <Pairing onPaired={steps.look} />;
  return (
    <main className="gate">
      <h1>ClubOps</h1>
      <output>{step.trouble === null ? words.looking : sayLooking(step.trouble, words)}</output>
    </main>
  );
}
