import { useCallback } from 'react';
import type { MusicSettingAnswer } from '#shared/contract/track-api.ts';
import { may } from '#shared/domain/rights.ts';
import { ask } from '../api.ts';
import { useWords } from '../i18n/words.ts';
import { AnyOf, OneOf } from '../ui/choices.tsx';
import { useAsked } from '../use-asked.ts';
import { useFloor, useSecond } from '../use-floor.ts';

const LOUDNESS = [-20, -18, -16, -14, -12, -11, -10, -9] as const;
const HOURS = [0, 1, 2, 3, 4, 6, 8, 12, 24] as const;
const LOOK_MS = 10_000;

/** How the club wants its music: told to the booth, set by a manager. */
export function MusicSetting() {
  const words = useWords();
  const { roles, session, run } = useFloor();
  const question = useCallback(
    () =>
      ask<MusicSettingAnswer>('GET', '/music/setting', {
        body: null,
        headers: { authorization: `Bearer ${session.token}` },
      }),
    [session.token],
  );
  const { answer, again } = useAsked(question, String(Math.floor(useSecond() / LOOK_MS)));
  if (!answer?.ok) return null;
  const now = answer.value;
  if (!may(roles, 'music.configure')) return <p className="quiet">{words.musicSetting(now)}</p>;
  const set = (over: Partial<MusicSettingAnswer>) => {
    void run({ name: 'music.configure', of: 'music', body: over }).then(again);
  };
  return (
    <>
      <Choice
        label={words.musicLoudness}
        values={[...LOUDNESS, now.targetLufs]}
        value={now.targetLufs}
        text={words.musicLufs}
        onChange={(targetLufs) => set({ targetLufs })}
      />
      <OneOf
        legend={words.musicCopy}
        choices={(['aac', 'flac'] as const).map((value) => ({ value, text: words.musicCopies[value] }))}
        value={now.copy}
        onChange={(copy) => set({ copy })}
      />
      <Choice
        label={words.musicCooldown}
        values={[...HOURS.map((hours) => hours * 60), now.cooldownMin]}
        value={now.cooldownMin}
        text={words.musicRests}
        onChange={(cooldownMin) => set({ cooldownMin })}
      />
      <AnyOf
        legend={words.musicChosen}
        choices={[{ value: 'clean', text: words.musicCleanOnly }]}
        values={now.isCleanOnly ? ['clean'] : []}
        onChange={(values) => set({ isCleanOnly: values.length > 0 })}
      />
    </>
  );
}

type Choosing = {
  readonly label: string;
  readonly values: readonly number[];
  readonly value: number;
  readonly text: (value: number) => string;
  readonly onChange: (value: number) => void;
};

function Choice({ label, values, value, text, onChange }: Choosing) {
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={({ target }) => onChange(Number(target.value))}>
        {[...new Set(values)]
          .toSorted((a, b) => a - b)
          .map((one) => (
            <option key={one} value={one}>
              {text(one)}
            </option>
          ))}
      </select>
    </label>
  );
}
