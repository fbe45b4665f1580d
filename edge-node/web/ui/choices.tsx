import { useId, type ReactNode } from 'react';

type Choice<V extends string> = { readonly value: V; readonly text: ReactNode; readonly why?: string | null };
type Props<V extends string> = {
  readonly legend: string;
  readonly choices: readonly Choice<V>[];
  readonly isEven?: boolean;
};

/** One of several, all in sight: native radio buttons, as large as buttons. */
export function OneOf<V extends string>({
  legend,
  choices,
  isEven = false,
  value,
  onChange,
}: Props<V> & { readonly value: V | null; readonly onChange: (value: V) => void }) {
  const name = useId();
  return (
    <fieldset className={isEven ? 'choices even' : 'choices'}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input type="radio" name={name} checked={value === choice.value} onChange={() => onChange(choice.value)} />
          <span>{choice.text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Any of several; one that is not possible stays in sight with its reason. */
export function AnyOf<V extends string>({
  legend,
  choices,
  values,
  onChange,
}: Props<V> & { readonly values: readonly V[]; readonly onChange: (values: readonly V[]) => void }) {
  const toggle = (value: V) =>
    onChange(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {choices.map(({ value, text, why }) => (
        <label key={value} className="choice">
          <input
            type="checkbox"
            checked={values.includes(value)}
            disabled={Boolean(why) && !values.includes(value)}
            onChange={() => toggle(value)}
          />
          <span>
            {text}
            {why && <small>{why}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
