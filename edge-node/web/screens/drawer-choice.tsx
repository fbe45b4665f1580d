import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';
import { OneOf } from '../ui/choices.tsx';
import { useList, useSorted } from '../use-floor.ts';

/** The drawer that money goes through: the chosen one, or the only one that is open. */
export function useDrawer(chosen: string | null): Row<'drawer'> | undefined {
  const drawers = useList('drawer').filter(({ state }) => state === 'OPENED');
  return drawers.find(({ id }) => id === chosen) ?? (drawers.length === 1 ? drawers[0] : undefined);
}

type Props = { readonly drawer: Row<'drawer'> | undefined; readonly onChoose: (id: string) => void };

export function DrawerChoice({ drawer, onChoose }: Props) {
  const words = useWords();
  const drawers = useSorted(useList('drawer').filter(({ state }) => state === 'OPENED'));
  if (drawers.length === 0) return <p className="hint">{words.noOpenDrawer}</p>;
  const choices = drawers.map(({ id, name }) => ({ value: id, text: name }));
  return <OneOf legend={words.drawer} choices={choices} value={drawer?.id ?? null} onChange={onChoose} />;
}
