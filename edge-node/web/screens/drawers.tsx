import { useCallback, useState } from 'react';
import { sightOf } from '#shared/domain/rights.ts';
import { useFormat } from '../format.ts';
import { useWords, type Words } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { useFloor, useList, useRow, useSorted } from '../use-floor.ts';
import { DrawerSheet } from './sheets.ts';

export function Drawers() {
  const words = useWords();
  const { roles } = useFloor();
  const drawers = useSorted(useList('drawer'));
  const format = useFormat(useRow('club', 'club'));
  const [opened, setOpened] = useState<string | null>(null);
  const close = useCallback(() => setOpened(null), []);
  if (sightOf(roles) === 'booth') return null;
  return (
    <section id="drawers" className="drawers" aria-labelledby="drawers-title">
      <h2 id="drawers-title">{words.drawers}</h2>
      <ul className="roll">
        {drawers.map((drawer) => (
          <li key={drawer.id}>
            <button type="button" className="drawer" aria-haspopup="dialog" onClick={() => setOpened(drawer.id)}>
              <strong>{drawer.name}</strong>
              <span>{stateOf(drawer, words)}</span>
              <span>{drawer.state === 'CLOSED' ? null : drawer.responsible}</span>
              <span className="amount">
                {drawer.bankCents === null || drawer.state === 'CLOSED'
                  ? null
                  : `${words.bank} ${format.money(drawer.bankCents)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {drawers.length === 0 && <p className="hint">{words.noDrawers}</p>}
      {opened !== null && <DrawerSheet key={opened} id={opened} onClose={close} />}
    </section>
  );
}

function stateOf({ state }: Row<'drawer'>, words: Words): string {
  return state === null ? words.drawerNever : words.drawerStates[state];
}
