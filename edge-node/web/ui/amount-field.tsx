import { centsOf, useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { useRow } from '../use-floor.ts';

type Props = { readonly label: string; readonly typed: string; readonly onType: (typed: string) => void };

/** Cents, entered as an amount of money; below it stands how it was understood. */
export function AmountField({ label, typed, onType }: Props) {
  const words = useWords();
  const format = useFormat(useRow('club', 'club'));
  const cents = centsOf(typed);
  return (
    <label className="field">
      <span>{label}</span>
      <input
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        aria-invalid={cents === null}
        onChange={({ target }) => onType(target.value)}
      />
      <small className={cents === null ? 'trouble' : 'read-as amount'}>
        {cents === null ? words.whys.amount_wrong : typed.trim() === '' ? ' ' : format.money(cents)}
      </small>
    </label>
  );
}
