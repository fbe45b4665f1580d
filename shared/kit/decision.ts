/** What a rule answers: the events that happen now, in order, or one refusal. */
export type Decision<E, R extends string> =
  | { readonly ok: true; readonly events: readonly E[] }
  | { readonly ok: false; readonly refusal: R };

export function accept<E>(...events: readonly E[]): { readonly ok: true; readonly events: readonly E[] } {
  return { ok: true, events };
}

export function refuse<R extends string>(refusal: R): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}
