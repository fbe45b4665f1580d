import { useCallback, useEffect, useState } from 'react';
import type { SessionAnswer, SignInAnswer } from '#shared/contract/api.ts';
import { signIn, type Trouble } from '../api.ts';
import { useWords } from '../i18n/words.ts';
import { Icon } from '../ui/icons.tsx';
import { LanguageSwitch } from '../ui/language.tsx';

type Person = SignInAnswer['staff'][number];
type Props = {
  readonly who: SignInAnswer;
  readonly onSignedIn: (answer: SessionAnswer) => void;
  readonly onUnpaired: () => void;
};

export function SignIn({ who, onSignedIn, onUnpaired }: Props) {
  const words = useWords();
  const [person, setPerson] = useState<Person | null>(null);
  return (
    <main className="gate">
      <h1>{who.club ?? 'ClubOps'}</h1>
      {person ? (
        <PinPad person={person} onSignedIn={onSignedIn} onUnpaired={onUnpaired} onBack={() => setPerson(null)} />
      ) : (
        <>
          <h2>{words.signInTitle}</h2>
          <ul className="people">
            {who.staff.map((one) => (
              <li key={one.staff}>
                <button type="button" className="button" onClick={() => setPerson(one)}>
                  {one.name}
                </button>
              </li>
            ))}
          </ul>
          {who.staff.length === 0 && <p>{words.nobody}</p>}
        </>
      )}
      <LanguageSwitch />
    </main>
  );
}

const PIN_MIN = 4;
const PIN_MAX = 6;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

type PadProps = {
  readonly person: Person;
  readonly onSignedIn: Props['onSignedIn'];
  readonly onUnpaired: () => void;
  readonly onBack: () => void;
};

function PinPad({ person, onSignedIn, onUnpaired, onBack }: PadProps) {
  const words = useWords();
  const { pin, trouble, isBusy, type, erase, send } = usePin(person, { onSignedIn, onUnpaired });
  return (
    <>
      <h2>{words.pin(person.name)}</h2>
      <output className="dots">
        <span className="unseen">{words.pinTyped(pin.length)}</span>
        {Array.from({ length: PIN_MAX }, (_, at) => (
          <span key={at} className={at < pin.length ? 'dot on' : 'dot'} />
        ))}
      </output>
      <p className="trouble" role="alert">
        {trouble && words.troubles[trouble]}
      </p>
      <div className="pad">
        {DIGITS.map((digit) => (
          <button key={digit} type="button" className="button key" onClick={() => type(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className="button key" aria-label={words.pinErase} onClick={erase}>
          <Icon name="erase" />
        </button>
        <button type="button" className="button key" onClick={() => type('0')}>
          0
        </button>
        <button
          type="button"
          className="button key primary"
          disabled={pin.length < PIN_MIN || isBusy}
          aria-busy={isBusy}
          onClick={() => void send()}
        >
          {words.pinGo}
        </button>
      </div>
      <button type="button" className="button" onClick={onBack}>
        {words.signInBack}
      </button>
    </>
  );
}

function usePin(person: Person, { onSignedIn, onUnpaired }: Pick<PadProps, 'onSignedIn' | 'onUnpaired'>) {
  const [pin, setPin] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const type = useCallback((digit: string) => {
    setTrouble(null);
    setPin((typed) => (typed + digit).slice(0, PIN_MAX));
  }, []);
  const erase = useCallback(() => setPin((typed) => typed.slice(0, -1)), []);
  const send = useCallback(async () => {
    if (pin.length < PIN_MIN || isBusy) return;
    setBusy(true);
    const answer = await signIn(person.staff, pin);
    setBusy(false);
    setPin('');
    if (answer.ok) onSignedIn(answer.value);
    else if (answer.trouble === 'device_unknown') onUnpaired();
    else setTrouble(answer.trouble);
  }, [pin, isBusy, person, onSignedIn, onUnpaired]);
  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent) => {
      if (/^\d$/.test(key)) type(key);
      else if (key === 'Backspace') erase();
      else if (key === 'Enter' && !(target instanceof HTMLButtonElement)) void send();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [type, erase, send]);
  return { pin, trouble, isBusy, type, erase, send };
}
