import { useId, type ReactNode } from 'react';
import { useWords } from '../i18n/words.ts';
import { useFloor } from '../use-floor.ts';
import type { WhyNot } from '../why-not.ts';

type Props = {
  /** Why it can't be pressed now: said on press and to those who listen, never hidden. */
  readonly why: WhyNot;
  readonly onPress: () => void;
  readonly children: ReactNode;
  readonly label?: string;
  readonly look?: 'plain' | 'primary' | 'danger' | 'icon';
  readonly busy?: boolean;
};

export function CommandButton({ why, onPress, children, label, look = 'plain', busy = false }: Props) {
  const words = useWords();
  const { notices } = useFloor();
  const reason = useId();
  const press = () => {
    if (busy) return;
    if (why) notices.add({ say: (now) => now.whys[why], tone: 'bad', stage: null, action: null });
    else onPress();
  };
  return (
    <button
      type="button"
      className={`button ${look}`}
      aria-label={label}
      aria-disabled={why !== null}
      aria-describedby={why ? reason : undefined}
      aria-busy={busy}
      onClick={press}
    >
      {children}
      {why && (
        // Hidden, so that it describes the button but is no part of its name.
        <span id={reason} hidden>
          {words.whys[why]}
        </span>
      )}
    </button>
  );
}

/** The same with its reason written below: for sheets, where there is room. */
export function ExplainedButton(props: Props) {
  const words = useWords();
  return (
    <div className="explained">
      <CommandButton {...props} />
      <p className="why" aria-hidden="true">
        {props.why ? words.whys[props.why] : ' '}
      </p>
    </div>
  );
}
