import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { may } from '#shared/domain/rights.ts';
import { movesOf, type Floor } from '../floor.ts';
import { runningTime } from '../format.ts';
import { useWords, type Words } from '../i18n/words.ts';
import { afterFor, firstFree, heldOrder, orderOf, waitingOf, type Entry } from '../order.ts';
import type { Row } from '../store.ts';
import { CommandButton } from '../ui/command-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { sortable, type SortEvent } from '../ui/sortable.ts';
import { useBusy, useFloor, useKnown, useList, usePending, useSecond, useSorted } from '../use-floor.ts';
import { whyNotEndSet } from '../why-not.ts';
import { EntryRow } from './entry-row.tsx';

export function Stages() {
  const words = useWords();
  const stages = useSorted(useList('stage'));
  return (
    <section id="stages" className="stages" aria-labelledby="stages-title">
      <h2 id="stages-title">{words.stages}</h2>
      <p id="drag-help" className="unseen">
        {words.dragHelp}
      </p>
      <div className="columns">
        {stages.map((stage) => (
          <Stage key={stage.id} stage={stage} />
        ))}
      </div>
    </section>
  );
}

function Stage({ stage }: { readonly stage: Row<'stage'> }) {
  const words = useWords();
  const { roles } = useFloor();
  const order = useOrder(stage.id);
  const { list, shown, move } = useSortable(stage, order);
  return (
    <section className="stage" aria-labelledby={`stage-${stage.id}`}>
      <h3 id={`stage-${stage.id}`}>{stage.name}</h3>
      <LiveSet stage={stage} />
      {!may(roles, 'rotation.move') && <p className="hint">{words.whys.not_allowed}</p>}
      <ol ref={list} className="rotation" aria-label={words.rotationOf(stage.name)}>
        {shown.map((entry, at) => (
          <EntryRow key={entry.id} entry={entry} at={at} order={order} stage={stage} onMove={move} />
        ))}
      </ol>
      {shown.length === 0 && <p className="hint">{words.rotationEmpty}</p>}
    </section>
  );
}

function LiveSet({ stage }: { readonly stage: Row<'stage'> }) {
  const words = useWords();
  const { run } = useFloor();
  const known = useKnown();
  const { live } = stage;
  const isBusy = useBusy(live?.set ?? '');
  const why = whyNotEndSet(known, stage);
  return (
    <div className="live-set" data-live={live !== null}>
      <Icon name="stage" />
      <div className="live-who">
        <strong>{live ? live.name : words.stageEmpty}</strong>
        {live && <RunningSince at={live.startedAt} />}
      </div>
      {live && (
        <div className="set-ends">
          <CommandButton
            why={why}
            busy={isBusy}
            label={words.cutShortOf(live.name)}
            onPress={() => void run({ name: 'stage_set.end', of: live.set, body: { outcome: 'CUT_SHORT' } })}
          >
            {words.cutShort}
          </CommandButton>
          <CommandButton
            look="primary"
            why={why}
            busy={isBusy}
            label={words.endSetOf(live.name)}
            onPress={() => void run({ name: 'stage_set.end', of: live.set, body: { outcome: 'COMPLETED' } })}
          >
            {words.endSet}
          </CommandButton>
        </div>
      )}
    </div>
  );
}

function RunningSince({ at }: { readonly at: number }) {
  return <span className="timer">{runningTime(useSecond() - at)}</span>;
}

function useOrder(stage: string): readonly Entry[] {
  const entries = useList('entry');
  const pending = usePending();
  return useMemo(
    () =>
      orderOf(
        entries.filter((one) => one.stage === stage),
        movesOf(pending),
      ),
    [entries, pending, stage],
  );
}

export type MoveTo = (entry: Entry, before: string | null) => void;

function useSortable(stage: Row<'stage'>, order: readonly Entry[]) {
  const floor = useFloor();
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const waiting = useMemo(() => waitingOf(order), [order]);
  const shown = useMemo(() => (held ? heldOrder(held, waiting) : waiting), [held, waiting]);

  const move = useCallback<MoveTo>(
    (entry, before) => {
      setHeld(null);
      moveEntry(floor, { stage, order, entry, before });
    },
    [floor, stage, order],
  );
  // The gesture outlives many renders: it reads what is current when it needs it.
  const now = useRef({ order, shown, move });
  useEffect(() => {
    now.current = { order, shown, move };
  });
  useEffect(() => {
    if (!list.current) return undefined;
    const nameOf = (id: string) => floor.tables.row('entry', id)?.name ?? '';
    return sortable({
      list: list.current,
      firstFree: (id) => firstFree(now.current.order, id),
      onHold: (isHeld) => setHeld((known) => (isHeld ? (known ?? now.current.shown.map(({ id }) => id)) : null)),
      onStep: (step) => {
        const name = nameOf(step.id);
        floor.notices.voice.set((words) => sayStep(words, step, name));
      },
      onDrop: (id, before) => {
        const entry = now.current.order.find((one) => one.id === id);
        if (entry) now.current.move(entry, before);
      },
    });
  }, [floor]);
  return { list, shown, move };
}

type Moving = {
  readonly stage: Row<'stage'>;
  readonly order: readonly Entry[];
  readonly entry: Entry;
  readonly before: string | null;
};

function moveEntry(floor: Floor, { stage, order, entry, before }: Moving): void {
  const at = order.findIndex(({ id }) => id === entry.id);
  const beforeNow = waitingOf(order.slice(0, at)).at(-1)?.id ?? null;
  const to = (after: string | null, version: number) =>
    floor.run({ name: 'rotation.move', of: entry.id, body: { afterEntry: after, version } }, { stage: stage.id });
  void to(afterFor(order, entry.id, before), entry.version).then((answer) => {
    if (!answer.ok) return;
    const undo = () => void to(afterFor(order, entry.id, beforeNow), floor.tables.row('entry', entry.id)?.version ?? 0);
    floor.notices.add({
      say: (words) => words.moved(entry.name),
      tone: 'good',
      stage: null,
      action: { say: (words) => words.undo, run: undo },
    });
  });
}

function sayStep(words: Words, { step, place, count }: SortEvent, name: string): string {
  if (step === 'lift') return words.lifted(name, place, count);
  if (step === 'move') return words.movedTo(name, place, count);
  if (step === 'drop') return words.dropped(name, place, count);
  return step === 'cancel' ? words.putBack(name) : words.draggedGone(name);
}
