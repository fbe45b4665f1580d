import { useEffect, useState } from 'react';
import { useWords } from '../i18n/words.ts';
import type { Notice } from '../notices.ts';
import { orderOf, waitingOf } from '../order.ts';
import { useSignal } from '../signal.ts';
import { useFloor, useList, useRow } from '../use-floor.ts';
import { Icon } from './icons.tsx';

const SHOWN_MS = 8_000;

/** Over the screen's foot, so that nothing moves when one comes. Also drawn in an open sheet, which covers the page. */
export function Notices() {
  const { notices } = useFloor();
  const shown = useSignal(notices.shown);
  return (
    <output className="notices">
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </output>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const words = useWords();
  const { notices } = useFloor();
  const [isTouched, setTouched] = useState(false);
  const { id, action } = notice;
  useEffect(() => {
    if (isTouched) return undefined;
    const timer = setTimeout(() => notices.remove(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isTouched, id, notices]);
  return (
    <div
      className={`notice ${notice.tone}`}
      onPointerEnter={() => setTouched(true)}
      onPointerLeave={() => setTouched(false)}
      onFocus={() => setTouched(true)}
      onBlur={() => setTouched(false)}
    >
      <div className="notice-text">
        <p>{notice.say(words)}</p>
        {notice.stage !== null && <OrderNow stage={notice.stage} />}
      </div>
      {action && (
        <button
          type="button"
          className="button"
          onClick={() => {
            notices.remove(id);
            action.run();
          }}
        >
          {action.say(words)}
        </button>
      )}
      <button type="button" className="button icon" aria-label={words.dismiss} onClick={() => notices.remove(id)}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

function OrderNow({ stage }: { readonly stage: string }) {
  const words = useWords();
  const name = useRow('stage', stage)?.name ?? '';
  const entries = useList('entry').filter((one) => one.stage === stage);
  const order = waitingOf(orderOf(entries, [])).map((one, at) => `${at + 1} ${one.name}`);
  return (
    <p className="order-now">
      {words.orderNow(name)} {order.join(', ')}
    </p>
  );
}

/** What has no place on the screen but must be heard: what a drag does, and rooms that run out of time. */
export function Voice() {
  const words = useWords();
  const say = useSignal(useFloor().notices.voice);
  return (
    <p className="unseen" aria-live="polite" data-voice>
      {say(words)}
    </p>
  );
}
