import { useCallback, useState } from 'react';
import { may } from '#shared/domain/rights.ts';
import { useWords } from '../i18n/words.ts';
import { lossOf } from '../loss.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import { useFloor } from '../use-floor.ts';
import { BoxSheet } from './sheets.ts';

/** For who answers for the club: what would be lost if the box died now. It has its place before anything is known. */
export function BoxStrip() {
  const words = useWords();
  const { cloud } = useSignal(useFloor().link);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const loss = cloud && lossOf(cloud, words);
  const isBad = loss !== null && (loss.isBad || (cloud?.review ?? 0) > 0);
  return (
    <>
      <button
        type="button"
        className="strip"
        aria-haspopup="dialog"
        data-bad={isBad || undefined}
        onClick={() => setOpen(true)}
      >
        <Icon name={isBad ? 'soon' : 'box'} />
        <span className="strip-text">
          <span className="unseen">{words.box}:</span> {loss?.text ?? words.looking}
        </span>
        {cloud !== null && cloud.review > 0 && (
          <strong className="to-review">
            <Icon name="eye" />
            <span className="unseen">{words.reviewCount(cloud.review)}</span>
            <span aria-hidden="true">{cloud.review}</span>
          </strong>
        )}
        <Icon name="more" />
      </button>
      {isOpen && <BoxSheet onClose={close} />}
    </>
  );
}

/** Over the board as long as nothing can be done on it. */
export function BoxBanner() {
  const words = useWords();
  const { box, roles } = useFloor();
  const status = useSignal(box.status);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  if (!isOpen && (status === null || status.box === 'live')) return null;
  return (
    <>
      {status !== null && status.box !== 'live' && (
        <div className="banner box-banner" role="alert" data-box={status.box}>
          <strong>{status.box === 'fenced' ? words.boxFenced : words.boxRecovering}</strong>
          {status.box === 'recovering' && may(roles, 'recovery.finish') && (
            <button type="button" className="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
              {words.boxProgress}
            </button>
          )}
        </div>
      )}
      {isOpen && <BoxSheet onClose={close} />}
    </>
  );
}
