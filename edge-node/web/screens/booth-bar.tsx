import { useEffect } from 'react';
import { may } from '#shared/domain/rights.ts';
import { wasPlaying } from '../booth/page.ts';
import { useWords } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import { useFloor } from '../use-floor.ts';
import { BoothView } from './sheets.ts';

/** The way to the booth, for who plays music. A tab that made the sound before it was loaded anew goes on with it. */
export function BoothBar({ onOpen }: { readonly onOpen: () => void }) {
  const words = useWords();
  const floor = useFloor();
  useEffect(() => {
    BoothView.preload();
    if (wasPlaying()) void import('../booth/booth.ts').then(({ boothOf }) => boothOf(floor));
  }, [floor]);
  return (
    <section className="booth-bar">
      <button type="button" className="button" onClick={onOpen}>
        <Icon name="running" />
        {words.booth.open}
      </button>
    </section>
  );
}

/** Over the board of every DJ and manager, until sound comes out again. */
export function BoothAlarm() {
  const words = useWords();
  const { booth, roles } = useFloor();
  const { alarm } = useSignal(booth);
  if (alarm === null || !may(roles, 'play.record')) return null;
  return (
    <p className="banner booth-alarm" role="alert" data-alarm={alarm}>
      <Icon name="over" /> <strong>{words.booth.alarms[alarm]}</strong>
    </p>
  );
}
