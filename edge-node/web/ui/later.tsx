import { useEffect, useState, type ComponentType } from 'react';
import { useWords } from '../i18n/words.ts';
import { Sheet } from './sheet.tsx';

type Closable = { readonly onClose: () => void };
type Later<P extends Closable> = ComponentType<P> & { readonly preload: () => void };
type Got<P> = { readonly Part: ComponentType<P> } | 'failed' | null;

/**
 * A sheet that is not in the first file that a tablet loads. Fetched as soon as the screen stands, so that it opens at
 * once; where that failed (no node just then, or another build in its place) it is fetched when it is opened.
 */
export function later<P extends Closable>(load: () => Promise<ComponentType<P>>): Later<P> {
  const state: { got: Got<P> } = { got: null };
  const fetchIt = async (): Promise<Got<P>> => {
    try {
      state.got = { Part: await load() };
    } catch {
      return 'failed';
    }
    return state.got;
  };
  function LaterSheet(props: P) {
    const [got, setGot] = useState(state.got);
    useEffect(() => {
      if (got === null) void fetchIt().then(setGot);
    }, [got]);
    if (got === null) return null;
    return got === 'failed' ? <Missing onClose={props.onClose} /> : <got.Part {...props} />;
  }
  return Object.assign(LaterSheet, { preload: () => void fetchIt() });
}

/** A part that is gone is gone with its build: the whole page has to come anew. */
function Missing({ onClose }: Closable) {
  const words = useWords();
  return (
    <Sheet title={words.sheetMissing} onClose={onClose}>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {words.retry}
      </button>
    </Sheet>
  );
}
