import { useWords } from '../i18n/words.ts';
import { ExplainedButton } from '../ui/command-button.tsx';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotOpenDay } from '../why-not-people.ts';

/** In place of stages and dancers while no night runs. */
export function ClosedDay() {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const club = useRow('club', 'club');
  const isBusy = useBusy('day');
  const why = whyNotOpenDay(known) ?? (club ? null : 'club_not_configured');
  return (
    <section className="closed-day" aria-labelledby="closed-title">
      <h2 id="closed-title">{words.dayNoneTitle}</h2>
      <p className="hint">{words.dayNoneHelp}</p>
      <ExplainedButton
        look="primary"
        why={why}
        busy={isBusy}
        onPress={() => void run({ name: 'day.open', of: 'day', body: { date: null } })}
      >
        {words.openDay}
      </ExplainedButton>
    </section>
  );
}
