import { useCallback, useState } from 'react';
import { askRoster, type OnRoster } from '../api.ts';
import { useWords } from '../i18n/words.ts';
import { matching } from '../roster.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { PendingDot } from '../ui/pending.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useAsked } from '../use-asked.ts';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotCheckIn } from '../why-not-people.ts';

/** More names than this nobody reads: the next letter finds her sooner. */
const SHOWN_MAX = 40;

/** Stays open from one dancer to the next, as they come in groups. */
export function CheckInSheet({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const { session } = useFloor();
  const { answer, again } = useAsked(useCallback(() => askRoster(session.token), [session.token]));
  const [typed, setTyped] = useState('');
  const found = answer?.ok ? matching(answer.value, typed) : [];
  return (
    <Sheet title={words.checkIn} onClose={onClose}>
      <label className="field">
        <span>{words.findDancer}</span>
        <input
          ref={focusFirst}
          type="search"
          autoComplete="off"
          value={typed}
          onFocus={({ target }) => target.select()}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <ul className="found" aria-label={words.roster}>
        {found.slice(0, SHOWN_MAX).map((one) => (
          <Found key={one.dancer} dancer={one} />
        ))}
        {answer?.ok && found.length === 0 && <li className="hint">{words.nobodyFound}</li>}
        {found.length > SHOWN_MAX && <li className="hint">{words.moreFound(found.length - SHOWN_MAX)}</li>}
        {!answer && <li className="hint">{words.asking}</li>}
        {answer && !answer.ok && (
          <li className="failed">
            <p className="trouble">{words.troubles[answer.trouble]}</p>
            <button type="button" className="button" onClick={again}>
              {words.retry}
            </button>
          </li>
        )}
      </ul>
    </Sheet>
  );
}

function Found({ dancer: { dancer, stageName } }: { readonly dancer: OnRoster }) {
  const words = useWords();
  const { run, notices } = useFloor();
  const known = useKnown();
  const tonight = useRow('attendance', dancer);
  const isBusy = useBusy(dancer);
  const checkIn = async () => {
    const answer = await run({ name: 'attendance.check_in', of: dancer, body: {} });
    if (answer.ok) notices.add({ say: (now) => now.checkedIn(stageName), tone: 'good', stage: null, action: null });
  };
  return (
    <li>
      <CommandButton why={whyNotCheckIn(known, dancer, tonight)} busy={isBusy} onPress={() => void checkIn()}>
        <span className="found-name">{stageName}</span>
        {isBusy && <PendingDot />}
        {tonight && <span className="quiet">{words.wheres[tonight.where]}</span>}
      </CommandButton>
    </li>
  );
}

/** What a dialog gives the focus to as it opens; React's own way would be too early. */
function focusFirst(input: HTMLInputElement | null): void {
  input?.setAttribute('autofocus', '');
}
