import { useCallback, useEffect, useState } from 'react';
import type { Answer } from './api.ts';

type Asked<T> = { readonly answer: Answer<T> | null; readonly again: () => void };

/**
 * What the node answers to a question that the live feed does not answer. Asked anew when `since` changes; until that
 * is answered, what was answered before stands. The same question has to be the same function.
 */
export function useAsked<T>(question: () => Promise<Answer<T>>, since = ''): Asked<T> {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const state = { isOver: false };
    void question().then((now) => {
      if (!state.isOver) setAnswer(now);
    });
    return () => {
      state.isOver = true;
    };
  }, [question, since, round]);
  return { answer, again: useCallback(() => setRound((last) => last + 1), []) };
}
