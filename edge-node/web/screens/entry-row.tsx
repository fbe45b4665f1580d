import { memo } from 'react';
import { useWords, type Words } from '../i18n/words.ts';
import { waitingOf, type Entry } from '../order.ts';
import type { Row } from '../store.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { PendingDot } from '../ui/pending.tsx';
import { useBusy, useFloor, useKnown, useRow } from '../use-floor.ts';
import { whyNotCall, whyNotMiss, whyNotMove, whyNotOnStage, whyNotPut, type Known, type Turn } from '../why-not.ts';
import type { MoveTo } from './stages.tsx';

type Props = {
  readonly entry: Entry;
  /** Her place among those who are shown. */
  readonly at: number;
  readonly order: readonly Entry[];
  readonly stage: Row<'stage'>;
  readonly onMove: MoveTo;
};

export const EntryRow = memo(function EntryRow({ entry, at, order, stage, onMove }: Props) {
  const words = useWords();
  const known = useKnown();
  const dancer = useRow('attendance', entry.dancer);
  const isBusy = useBusy(entry.id);
  const turn = { entry, order, stage, dancer };
  const { state, text } = stateOf(entry, words);
  return (
    <li className="entry" data-id={entry.id} data-state={state} data-busy={isBusy}>
      <Handle entry={entry} isDisabled={whyNotMove(known, turn) !== null} />
      <div className="entry-who">
        <strong>{entry.name}</strong>
        <span className="state">
          <Icon name={state} />
          <span>{text}</span>
        </span>
        {isBusy && <PendingDot />}
      </div>
      <Moves turn={turn} known={known} at={at} onMove={onMove} />
      <Verbs turn={turn} known={known} isBusy={isBusy} />
    </li>
  );
});

function Handle({ entry, isDisabled }: { readonly entry: Entry; readonly isDisabled: boolean }) {
  const words = useWords();
  return (
    <button
      type="button"
      className="handle"
      data-handle
      aria-label={words.drag(entry.name)}
      aria-describedby="drag-help"
      aria-disabled={isDisabled}
    >
      <Icon name="grip" />
    </button>
  );
}

type Part = { readonly turn: Turn; readonly known: Known };

/** Whatever a drag does, buttons do too. */
function Moves({ turn, known, at, onMove }: Part & Pick<Props, 'at' | 'onMove'>) {
  const words = useWords();
  const { entry, order } = turn;
  const others = waitingOf(order).filter(({ id }) => id !== entry.id);
  const place = waitingOf(order).findIndex(({ id }) => id === entry.id);
  const put = (to: number) => onMove(entry, others[to - 1]?.id ?? null);
  return (
    <div className="moves" data-at={at}>
      <CommandButton
        look="icon"
        why={whyNotPut(known, turn, place - 1)}
        label={words.up(entry.name)}
        onPress={() => put(place - 1)}
      >
        <Icon name="up" />
      </CommandButton>
      <CommandButton
        look="icon"
        why={whyNotPut(known, turn, place + 1)}
        label={words.down(entry.name)}
        onPress={() => put(place + 1)}
      >
        <Icon name="down" />
      </CommandButton>
      <CommandButton
        look="icon"
        why={whyNotPut(known, turn, place - 1)}
        label={words.topOf(entry.name)}
        onPress={() => onMove(entry, null)}
      >
        <Icon name="top" />
      </CommandButton>
    </div>
  );
}

function Verbs({ turn, known, isBusy }: Part & { readonly isBusy: boolean }) {
  const words = useWords();
  const { run } = useFloor();
  const { entry } = turn;
  const of = entry.id;
  const away = nextCall(turn);
  return (
    <div className="verbs">
      <CommandButton
        why={whyNotCall(known, turn)}
        busy={isBusy}
        label={words.callOf(entry.name, away)}
        onPress={() => void run({ name: 'rotation.call', of, body: { away } })}
      >
        {words.call(away)}
      </CommandButton>
      <CommandButton
        why={whyNotMiss(known, turn)}
        busy={isBusy}
        label={words.missedOf(entry.name)}
        onPress={() => void run({ name: 'rotation.miss', of, body: {} })}
      >
        {words.missed}
      </CommandButton>
      <CommandButton
        why={whyNotOnStage(known, turn)}
        busy={isBusy}
        label={words.putOnStageOf(entry.name)}
        onPress={() => void run({ name: 'stage_set.start', of, body: {} })}
      >
        {words.putOnStage}
      </CommandButton>
    </div>
  );
}

/** The call that comes next for her: by her place at first, one nearer each time after that. */
function nextCall({ entry, order, stage }: Turn): number {
  if (entry.state === 'CALLED') return Math.max(0, (entry.away ?? 1) - 1);
  const ready = waitingOf(order).filter(({ held, id }) => !held || id === entry.id);
  const before = ready.findIndex(({ id }) => id === entry.id);
  return Math.min(3, before + (stage?.live ? 1 : 0));
}

function stateOf({ state, held, away }: Entry, words: Words): { readonly state: IconName; readonly text: string } {
  if (held) return { state: 'held', text: words.held };
  if (state === 'CALLED' || state === 'ON_DECK') return { state: 'called', text: words.calledAway(away ?? 0) };
  return { state: 'waiting', text: words.waiting };
}
