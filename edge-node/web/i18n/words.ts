import { createContext, useContext } from 'react';
import { en } from './en.ts';
import { es } from './es.ts';

/** The shape that a language has to fill: the same keys, and functions that take the same things. */
export type Words = Filled<typeof en>;
type Filled<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : T[K] extends readonly string[]
        ? readonly string[]
        : Filled<T[K]>;
};

export const LANGUAGES = { en, es } as const satisfies Record<string, Words>;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = 'clubops.language';

export function keptLanguage(): Language {
  const wanted = localStorage.getItem(KEPT_AS) ?? navigator.language.slice(0, 2);
  return Object.hasOwn(LANGUAGES, wanted) ? (wanted as Language) : 'en';
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  document.documentElement.lang = language;
}

export const LanguageContext = createContext<{
  readonly language: Language;
  readonly setLanguage: (next: Language) => void;
}>({
  language: 'en',
  setLanguage: () => undefined,
});

export function useLanguage() {
  return useContext(LanguageContext);
}

export function useWords(): Words {
  return LANGUAGES[useLanguage().language];
}
