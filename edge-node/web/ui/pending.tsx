import { useWords } from '../i18n/words.ts';

/** A command for this is on its way. */
export function PendingDot() {
  const words = useWords();
  return (
    <span className="pending">
      <span className="unseen">{words.sending}</span>
    </span>
  );
}
