import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { useFloor } from '../use-floor.ts';
import { boothOf, type Booth } from './booth.ts';
import { Decks } from './decks.tsx';
import { Programme } from './programme.tsx';
import { Search } from './search.tsx';
import './booth.css';

/** A place of somebody's set that the next track goes to. */
export type Target = { readonly entry: string; readonly name: string; readonly position: number };

/** The DJ's page: the two decks, what comes next, and the library. On every other device the same, as a remote. */
export function BoothView({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const booth = boothOf(useFloor());
  const [target, setTarget] = useState<Target | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const aim = useCallback((at: Target | null) => {
    setTarget(at);
    if (at) field.current?.focus();
  }, []);
  useKeys(booth, field);
  return (
    <main className="board booth" data-booth>
      <div className="booth-head">
        <h2>{words.booth.title}</h2>
        <button type="button" className="button" onClick={onClose}>
          {words.booth.toFloor}
        </button>
      </div>
      <Here booth={booth} />
      <Decks booth={booth} />
      <Search booth={booth} field={field} target={target} onDone={() => setTarget(null)} />
      <Programme booth={booth} target={target} onAim={aim} />
    </main>
  );
}

/** Where the sound comes from, and how it comes from here. */
function Here({ booth }: { readonly booth: Booth }) {
  const words = useWords();
  const part = useSignal(booth.part);
  const state = useSignal(booth.state);
  if (part === 'remote' && state?.player)
    return (
      <section className="booth-here">
        <p>{words.booth.isElsewhere}</p>
        <HoldButton why={null} label={words.booth.takeOver} onHeld={() => void booth.start('take_over')} />
        <HoldButton why={null} label={words.booth.stop} onHeld={() => booth.order({ order: 'stop' })} />
      </section>
    );
  if (part === 'player')
    return (
      <section className="booth-here">
        <p>{words.booth.isHere}</p>
        <HoldButton why={null} label={words.booth.stop} onHeld={() => void booth.leave()} />
      </section>
    );
  return (
    <section className="booth-here">
      <p>{part === 'locked' ? words.booth.isHere : words.booth.nobodyPlays}</p>
      <button type="button" className="button primary" onClick={() => void booth.start('play')}>
        {part === 'locked' ? words.booth.touch : words.booth.start}
      </button>
    </section>
  );
}

/** `/` finds, space held lowers the music; neither in a field, nor on a button that has its own space. */
function useKeys(booth: Booth, field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const isFree = ({ target }: KeyboardEvent) =>
      !(target instanceof HTMLElement) || target.closest('input, select, button, dialog') === null;
    const down = (event: KeyboardEvent) => {
      if (!isFree(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') field.current?.focus();
      else if (event.key === ' ') booth.duck(true);
      else return;
      event.preventDefault();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ') booth.duck(false);
    };
    const away = () => booth.duck(false);
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    window.addEventListener('blur', away);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
      window.removeEventListener('blur', away);
      away();
    };
  }, [booth, field]);
}
