import type { BoothAnswer, BoothItem } from '#shared/contract/booth-api.ts';
import { useWords } from '../i18n/words.ts';
import { useSignal } from '../signal.ts';
import { Icon } from '../ui/icons.tsx';
import type { Booth } from './booth.ts';
import type { Target } from './booth-view.tsx';
import { nameOf } from './names.ts';

type Props = {
  readonly booth: Booth;
  readonly target: Target | null;
  readonly onAim: (target: Target | null) => void;
};

/** All that comes, in order and by whose set it is. A tap on a place says that the next track goes there. */
export function Programme({ booth, target, onAim }: Props) {
  const words = useWords();
  const state = useSignal(booth.state);
  if (!state) return null;
  return (
    <section className="booth-programme" aria-label={words.booth.programme}>
      <h2>{words.booth.programme}</h2>
      {state.programme.length === 0 && <p className="hint">{words.booth.programmeEmpty}</p>}
      {groupsOf(state.programme).map((items) => (
        <Group key={items[0]?.item} {...{ booth, items, target, onAim, state }} />
      ))}
    </section>
  );
}

type GroupProps = Props & { readonly items: readonly BoothItem[]; readonly state: BoothAnswer };

function Group({ booth, items, target, onAim, state }: GroupProps) {
  const words = useWords();
  const [first] = items;
  const turn = first?.turn ?? null;
  const title = turn
    ? words.booth.setOf(turn.name)
    : first?.from === 'auto'
      ? words.booth.byItself
      : words.booth.between;
  const places = turn ? Math.max(...items.map((one) => (one.turn?.position ?? 0) + 1)) : 0;
  const canGrow = turn !== null && places < (turn.live ? SET_MAX : state.songsPerSet);
  return (
    <div className="booth-group" data-entry={turn?.entry} data-live={turn?.live}>
      <h3>
        {title} {turn?.live && <span className="quiet">{words.booth.onStage}</span>}
      </h3>
      <ol>
        {items.map((one) => (
          <Item key={one.item} {...{ booth, target, onAim }} one={one} />
        ))}
      </ol>
      {canGrow && (
        <button
          type="button"
          className="button"
          aria-label={words.booth.longer(turn.name)}
          onClick={() => onAim({ ...turn, position: places })}
        >
          {words.booth.more}
        </button>
      )}
    </div>
  );
}
const SET_MAX = 8;

function Item({ booth, one, target, onAim }: Props & { readonly one: BoothItem }) {
  const words = useWords();
  const { turn, song, from, letGo, track } = one;
  const why = [words.booth.from[from], ...letGo.map((rule) => words.booth.letGo[rule])].join(' · ');
  const isAimed = turn !== null && target?.entry === turn.entry && target.position === turn.position;
  const text = (
    <>
      <span className="item-title">{nameOf(one)}</span>
      <span className="quiet">{track ? why : words.booth.missing}</span>
    </>
  );
  return (
    <li data-item={one.item} data-from={from}>
      {turn ? (
        <button
          type="button"
          className="button item"
          aria-pressed={isAimed}
          aria-label={words.booth.change(song.title, turn.name, turn.position + 1)}
          onClick={() => onAim(isAimed ? null : turn)}
        >
          <span className="timer quiet">{turn.position + 1}</span>
          {text}
        </button>
      ) : (
        <p className="item">{text}</p>
      )}
      <button
        type="button"
        className="button icon"
        aria-label={words.booth.drop(song.title)}
        onClick={() => booth.drop(one.item)}
      >
        <Icon name="cross" />
      </button>
    </li>
  );
}

/** Neighbours of the same set, or of none, stand together. */
function groupsOf(programme: readonly BoothItem[]): readonly (readonly BoothItem[])[] {
  const groups: BoothItem[][] = [];
  for (const one of programme) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    const isSame = before && before.turn?.entry === one.turn?.entry && (one.turn !== null || before.from === one.from);
    if (last && isSame) last.push(one);
    else groups.push([one]);
  }
  return groups;
}
