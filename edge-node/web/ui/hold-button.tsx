import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '../i18n/words.ts';
import type { WhyNot } from '../why-not.ts';

const HOLD_MS = 800;
type Step = 'idle' | 'holding' | 'asked';

/**
 * For what cannot be undone: held for 0.8 s, by finger, mouse or key. A screen reader's press has no length,
 * so there the second press counts.
 */
export function HoldButton({
  why,
  onHeld,
  label,
}: {
  readonly why: WhyNot;
  readonly onHeld: () => void;
  readonly label: string;
}) {
  const words = useWords();
  const [step, setStep] = useState<Step>('idle');
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const start = () => {
    if (why || step === 'holding') return;
    setStep('holding');
    timer.current = window.setTimeout(() => {
      setStep('idle');
      onHeld();
    }, HOLD_MS);
  };
  const stop = () => {
    clearTimeout(timer.current);
    if (step === 'holding') setStep('idle');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  const onAssistedClick = (detail: number) => {
    if (why || detail !== 0) return;
    if (step === 'asked') onHeld();
    setStep(step === 'asked' ? 'idle' : 'asked');
  };

  return (
    <div className="explained">
      <button
        type="button"
        className="button danger hold"
        data-step={step}
        aria-disabled={why !== null}
        onPointerDown={(event) => event.button === 0 && start()}
        onPointerUp={stop}
        onPointerLeave={stop}
        onPointerCancel={stop}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={onKeyDown}
        onKeyUp={stop}
        onBlur={stop}
        onClick={({ detail }) => onAssistedClick(detail)}
      >
        <span className="fill" aria-hidden="true" />
        <span className="over-fill">{{ holding: words.holdOn, asked: words.pressAgain, idle: label }[step]}</span>
      </button>
      <p className="why">{why ? words.whys[why] : ' '}</p>
    </div>
  );
}
