import { closeDrawer, countDrawer, dropCash, openDrawer } from '#shared/domain/drawer.ts';
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
  'drawer.drop': ({ reads }, input) => dropCash(reads.drawers.fact(input.drawer), input),
  'drawer.count': ({ reads }, input) => countDrawer(reads.drawers.fact(input.drawer), input),
  'drawer.close': ({ reads }, input) => closeDrawer(reads.drawers.fact(input.drawer)),
};
