import { countdown } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Row } from '../store.ts';

export function TimeLeft({
  session,
  now,
}: {
  readonly session: NonNullable<Row<'room'>['session']>;
  readonly now: number;
}) {
  const words = useWords();
  const { startedAt, plannedEnd, minutes } = session;
  if (startedAt === null || plannedEnd === null) return <span>{words.minutesOf(minutes)}</span>;
  const done = Math.min(1, Math.max(0, (now - startedAt) / (plannedEnd - startedAt)));
  return (
    <>
      <span className="timer">{countdown(plannedEnd - now)}</span>
      <span className="progress" aria-hidden="true">
        <span style={{ transform: `scaleX(${done})` }} />
      </span>
    </>
  );
}
