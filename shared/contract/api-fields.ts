import { Type, type TSchema } from 'typebox';

/** Fields of the edge node's commands, and what a route is made of. Unknown fields are refused. */
export const closed = { additionalProperties: false } as const;
export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });
export const Name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$',
});
export const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' });
export const Cents = Type.Integer({ minimum: 0, maximum: 100_000_000 });
export const PaidCents = Type.Integer({ minimum: 1, maximum: 100_000_000 });
export const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const Pin = Type.String({ pattern: '^\\d{4,6}$' });
/** What a finger drew: x, y, x, y … of each stroke, in pixels of the screen. */
export const Strokes = Type.Array(Type.Array(Type.Integer({ minimum: 0, maximum: 8_191 }), { maxItems: 400 }), {
  maxItems: 12,
});
export const Nothing = Type.Object({}, closed);

export const route = <P extends string, B extends TSchema>(path: P, summary: string, body: B) => ({
  path,
  summary,
  body,
});
