import { closeDrawer, countDrawer, dropCash, openDrawer } from '#shared/domain/drawer.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const drawerCommands: Deciders<'drawer.open' | 'drawer.drop' | 'drawer.count' | 'drawer.close'> = {
  'drawer.open': ({ reads }, input, ask) => {
    const fact = reads.drawers.fact(input.drawer);
    return openDrawer(
      {
        known: reads.club.drawer(input.drawer) !== undefined,
        open: fact !== undefined && fact.state !== 'CLOSED',
        responsibleKnown: reads.club.staff(input.responsible) !== undefined,
      },
      input,
      ask,
    );
  },
  'drawer.drop': ({ reads }, input) =>
    isKnown(reads, input) ? dropCash(reads.drawers.fact(input.drawer), input) : refuse('drawer_unknown'),
  'drawer.count': ({ reads }, input) =>
    isKnown(reads, input) ? countDrawer(reads.drawers.fact(input.drawer), input) : refuse('drawer_unknown'),
  'drawer.close': ({ reads }, input) =>
    isKnown(reads, input) ? closeDrawer(reads.drawers.fact(input.drawer)) : refuse('drawer_unknown'),
};

function isKnown(reads: Reads, { drawer }: { readonly drawer: string }): boolean {
  return reads.club.drawer(drawer) !== undefined;
}
