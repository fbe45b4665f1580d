import { sightOf } from '#shared/domain/rights.ts';
import { useFormat } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { useFloor, useList, useRow, useSorted } from '../use-floor.ts';

export function Drawers() {
  const words = useWords();
  const { roles } = useFloor();
  const drawers = useSorted(useList('drawer'));
  const format = useFormat(useRow('club', 'club'));
  if (sightOf(roles) !== 'money') return null;
  return (
    <section id="drawers" className="drawers" aria-labelledby="drawers-title">
      <h2 id="drawers-title">{words.drawers}</h2>
      <ul className="roll">
        {drawers.map(({ id, name, state, responsible, bankCents }) => (
          <li key={id} className="drawer">
            <strong>{name}</strong>
            <span>{state === null ? words.drawerNever : words.drawerStates[state]}</span>
            <span>{responsible}</span>
            <span className="amount">{bankCents === null ? null : `${words.bank} ${format.money(bankCents)}`}</span>
          </li>
        ))}
      </ul>
      {drawers.length === 0 && <p className="hint">{words.noDrawers}</p>}
    </section>
  );
}
