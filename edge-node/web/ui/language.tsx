import { LANGUAGES, useLanguage, useWords, type Language } from '../i18n/words.ts';
import { Icon } from './icons.tsx';

/** Each language is named in itself, for who cannot read the present one. */
export function LanguageSwitch() {
  const words = useWords();
  const { language, setLanguage } = useLanguage();
  const next: Language = language === 'en' ? 'es' : 'en';
  return (
    <button
      type="button"
      className="button"
      lang={next}
      aria-label={`${words.languageLabel}: ${LANGUAGES[next].language}`}
      onClick={() => setLanguage(next)}
    >
      <Icon name="globe" />
      <span>{LANGUAGES[next].language}</span>
    </button>
  );
}
