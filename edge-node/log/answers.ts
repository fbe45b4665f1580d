import { lt } from 'drizzle-orm';
import type { Refusal } from '#shared/domain/refusal.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { commandAnswer } from '../db/schema.ts';
import { limits } from '../limits.ts';
import { values } from '../state/values.ts';

export type Answer =
  | { readonly ok: true; readonly from: number; readonly to: number; readonly id: string }
  | { readonly ok: false; readonly refusal: Refusal };

/** The first answer to each key, kept for those who ask again because they lost it. */
export type Answers = {
  /** Null for a key that is new. The same key for other content is refused. */
  readonly known: (key: string, fingerprint: Buffer) => Answer | null;
  readonly keep: (key: string, fingerprint: Buffer, kept: { readonly answer: Answer; readonly head: number }) => void;
};
type Row = Omit<typeof commandAnswer.$inferSelect, 'key'>;

export function openAnswers(db: Db): Answers {
  const byKey = db.$client.prepare<[string], Row>(
    'SELECT fingerprint, refusal, from_pos AS fromPos, to_pos AS toPos, born FROM command_answer WHERE key = ?',
  );
  const put = hot(db, db.insert(commandAnswer).values(values(commandAnswer)));
  return {
    known: (key, fingerprint) => {
      const row = byKey.get(key);
      if (!row) return null;
      // An answer that was learned from a joined line knows its key only.
      if (row.fingerprint.length > 0 && !row.fingerprint.equals(fingerprint))
        return { ok: false, refusal: 'key_reused' };
      if (row.refusal !== null) return { ok: false, refusal: row.refusal };
      return { ok: true, from: row.fromPos, to: row.toPos, id: row.born };
    },
    keep: (key, fingerprint, { answer, head }) => {
      const made = answer.ok
        ? { refusal: null, fromPos: answer.from, toPos: answer.to, born: answer.id }
        : { refusal: answer.refusal, fromPos: head, toPos: head, born: '' };
      put.run({ key, fingerprint, ...made });
    },
  };
}

/** Answers are kept for more than a week of nights; older ones go when the node starts. Counted in events, never by a clock. */
export function forgetOldAnswers(db: Db, head: number): void {
  db.delete(commandAnswer)
    .where(lt(commandAnswer.toPos, head - limits.commandAnswerKeptEvents))
    .run();
}
