import { useEffect, useState, type FormEvent } from 'react';
import { pairDevice, type Trouble } from '../api.ts';
import { useWords } from '../i18n/words.ts';
import { pairingCode } from '../session.ts';
import { LanguageSwitch } from '../ui/language.tsx';

const CODE_LENGTH = 8;

export function Pairing({ onPaired }: { readonly onPaired: () => void }) {
  const words = useWords();
  const [code, setCode] = useState(() => tidyCode(pairingCode() ?? ''));
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  // The code must not stay in the address, where the next person finds it.
  useEffect(() => history.replaceState(null, '', location.pathname), []);

  const pair = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await pairDevice(code, name.trim());
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    if (answer.ok) onPaired();
  };
  return (
    <main className="gate">
      <h1>{words.pairTitle}</h1>
      <p>{words.pairHelp}</p>
      <form onSubmit={(event) => void pair(event)}>
        <label className="field">
          <span>{words.pairCode}</span>
          <input
            className="code"
            required
            minLength={CODE_LENGTH}
            maxLength={CODE_LENGTH}
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            value={code}
            onChange={({ target }) => setCode(tidyCode(target.value))}
          />
        </label>
        <label className="field">
          <span>{words.pairName}</span>
          <input
            required
            maxLength={80}
            autoComplete="off"
            placeholder={words.pairNameHint}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <p className="trouble" role="alert">
          {trouble && words.troubles[trouble]}
        </p>
        <button type="submit" className="button primary" aria-busy={isBusy} disabled={isBusy}>
          {words.pairGo}
        </button>
      </form>
      <LanguageSwitch />
    </main>
  );
}

function tidyCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, CODE_LENGTH);
}
