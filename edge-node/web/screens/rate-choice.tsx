import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { OneOf } from '../ui/choices.tsx';
import { useRow } from '../use-floor.ts';

type Props = {
  readonly legend: string;
  readonly rates: Row<'club'>['rates'];
  readonly chosen: string | null;
  readonly onChoose: (rate: string) => void;
};

export function RateChoice({ legend, rates, chosen, onChoose }: Props) {
  const words = useWords();
  const format = useFormat(useRow('club', 'club'));
  if (rates.length === 0) return <p className="hint">{words.noRates}</p>;
  const choices = rates.map(({ rate, name, minutes, grossCents }) => ({
    value: rate,
    text: (
      <>
        {words.rateOf(name, minutes)} <b className="amount">{format.money(grossCents)}</b>
      </>
    ),
  }));
  return <OneOf isEven legend={legend} choices={choices} value={chosen} onChange={onChoose} />;
}
