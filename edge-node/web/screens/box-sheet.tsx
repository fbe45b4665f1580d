import { useEffect, useState } from 'react';
import type { Recovery, Reviewed, StatusAnswer } from '#shared/contract/api.ts';
import type { CloudState } from '#shared/contract/live.ts';
import { may } from '#shared/domain/rights.ts';
import { finishRecovery, newKey } from '../api.ts';
import { useFormat } from '../format.ts';
import { eventName } from '../i18n/event-names.ts';
import { useLanguage, useWords } from '../i18n/words.ts';
import { lossOf, minutesOf } from '../loss.ts';
import { useSignal } from '../signal.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useFloor, useRow } from '../use-floor.ts';
import type { WhyNot } from '../why-not.ts';

/** The box itself: what would be lost if it died now, how far it is in another's place, and what somebody has to look at. */
export function BoxSheet({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const { box } = useFloor();
  const status = useSignal(box.status);
  useEffect(() => box.watch(), [box]);
  return (
    <Sheet title={words.box} onClose={onClose}>
      {status === null ? <p className="hint">{words.asking}</p> : <Status status={status} />}
    </Sheet>
  );
}

function Status({ status: { box, cloud, recovery, review } }: { readonly status: StatusAnswer }) {
  const words = useWords();
  return (
    <>
      {box === 'fenced' && <p className="trouble">{words.troubles.box_fenced}</p>}
      {box === 'recovering' && recovery && <InPlaceOfAnother recovery={recovery} />}
      <Loss cloud={cloud} />
      {review.length > 0 && <ToReview review={review} />}
    </>
  );
}

function Loss({ cloud }: { readonly cloud: CloudState }) {
  const words = useWords();
  const { language } = useLanguage();
  const { text, isBad } = lossOf(cloud, words);
  const { link, waiting, oldestMs, copy } = cloud;
  return (
    <section className="part" aria-labelledby="loss-title">
      <h3 id="loss-title" className="loss" data-bad={isBad || undefined}>
        {text}
      </h3>
      <p className="quiet">{words.lossHelp}</p>
      <dl className="facts">
        <Fact name={words.cloudLink} value={words.cloudLinks[link]} isOpen={link === 'halted'} />
        <Fact name={words.notInCloud} value={waiting.toLocaleString(language)} isOpen={false} />
        {oldestMs !== null && <Fact name={words.oldest} value={words.age(minutesOf(oldestMs))} isOpen={false} />}
        <Fact name={words.secondCopy} value={words.copies[copy]} isOpen={copy === 'lost'} />
      </dl>
    </section>
  );
}

function Fact({ name, value, isOpen }: { readonly name: string; readonly value: string; readonly isOpen: boolean }) {
  return (
    <div data-open={isOpen}>
      <dt>{name}</dt>
      <dd className="amount">{value}</dd>
    </div>
  );
}

/** Older than a night, an hour alone would say too little. */
const TONIGHT_MS = 18 * 3_600_000;

function InPlaceOfAnother({ recovery }: { readonly recovery: Recovery }) {
  const words = useWords();
  const { language } = useLanguage();
  const { clock } = useFloor();
  const format = useFormat(useRow('club', 'club'));
  const { phase, here, hereAt, heardOf, missing } = recovery;
  const at = hereAt ?? 0;
  const time = clock.now() - at < TONIGHT_MS ? format.exact(at) : format.moment(at);
  const counts = [
    [words.fromCloud, recovery.fromCloud],
    [words.fromMirror, recovery.fromMirror],
    [words.fromTablets, recovery.fromTablets],
    [words.tabletsHeard, recovery.tablets],
  ] as const;
  return (
    <section className="recovery" aria-labelledby="recovery-title">
      <h3 id="recovery-title">{words.recovery}</h3>
      <p data-recovery>
        {phase === 'history' && <>{words.recoveryHistory} </>}
        {here === 0 ? words.recoveryHereNothing : words.recoveryHere(time, here)}{' '}
        {missing > 0 ? (
          <strong>{words.recoveryMissing(heardOf, missing)}</strong>
        ) : (
          phase === 'witnesses' && words.recoveryWhole
        )}
      </p>
      <progress max={Math.max(heardOf, 1)} value={here} aria-label={words.recovery} />
      <dl className="facts">
        {counts.map(([name, count]) => (
          <Fact key={name} name={name} value={count.toLocaleString(language)} isOpen={false} />
        ))}
      </dl>
      <p className="quiet">{words.recoveryHelp}</p>
      <Finish phase={phase} />
    </section>
  );
}

/** What is missing then is given up, so it is held. */
function Finish({ phase }: { readonly phase: Recovery['phase'] }) {
  const words = useWords();
  const { session, roles, box, notices } = useFloor();
  const [key] = useState(newKey);
  const [isBusy, setBusy] = useState(false);
  const mayNot: WhyNot = may(roles, 'recovery.finish') ? null : 'not_allowed';
  const finish = async () => {
    if (isBusy) return;
    setBusy(true);
    const answer = await finishRecovery(key, session.token);
    setBusy(false);
    box.ask();
    // Whose answer was lost is told, when it asks again, that nothing waits any more.
    const trouble = answer.ok || answer.trouble === 'recovery_not_waiting' ? null : answer.trouble;
    notices.add({
      say: (now) => (trouble === null ? now.recoveryFinished : now.troubles[trouble]),
      tone: trouble === null ? 'good' : 'bad',
      stage: null,
      action: null,
    });
  };
  return (
    <HoldButton
      why={mayNot ?? (phase === 'history' ? 'box_recovering' : null)}
      label={words.recoveryFinish}
      onHeld={() => void finish()}
    />
  );
}

function ToReview({ review }: { readonly review: readonly Reviewed[] }) {
  const words = useWords();
  const { language } = useLanguage();
  const format = useFormat(useRow('club', 'club'));
  return (
    <section className="part" aria-labelledby="review-title">
      <h3 id="review-title">{words.review}</h3>
      <p className="quiet">{words.reviewHelp}</p>
      <ul className="review">
        {review.map(({ pos, type, at, why }) => (
          <li key={pos}>
            <strong>{eventName(type, language)}</strong>
            <span className="amount">{format.moment(at)}</span>
            <span className="quiet">{whyOf(why, words.reviewWhys)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function whyOf(why: string, known: Readonly<Record<string, string>>): string {
  return known[why] ?? why;
}
