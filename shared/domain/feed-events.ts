import type { SharedValue } from './event.ts';
import type { EditOutcome, FeedPlace, FieldName } from './feed-words.ts';

/** What came down from headquarters, and what the floor edited of what both share. */
export type FeedBodies = {
  /** `baseFv` is the version that the editor saw, `after` the edit of the floor that stood unanswered then, `editedAt` when. */
  'shared_field.edited': FieldName & {
    readonly edit: string;
    readonly baseFv: number;
    readonly after: string | null;
    readonly value: SharedValue;
    readonly editedAt: number;
  };
  /** Headquarters' value is here; it comes from the floor's own `edit` where that is not null. */
  'shared_field.taken': FieldName &
    FeedPlace & { readonly fv: number; readonly value: SharedValue; readonly edit: string | null };
  /** Headquarters' value is here and holds from the next night on. */
  'shared_field.waits': FieldName & FeedPlace & { readonly fv: number; readonly value: SharedValue };
  'shared_field.answered': FieldName &
    FeedPlace & { readonly edit: string; readonly outcome: EditOutcome; readonly refusal: string | null };
  /** What came down and was not taken over, and why. */
  'feed_item.refused': FeedPlace & {
    readonly op: string;
    readonly coll: string | null;
    readonly id: string | null;
    readonly field: string | null;
    readonly refusal: string;
  };
  'command.done': FeedPlace & {
    readonly command: string;
    readonly cmd: string;
    readonly outcome: 'done' | 'refused' | 'expired';
    readonly refusal: string | null;
  };
  'message.posted': { readonly message: string; readonly text: string; readonly by: string };
  /** A signed blob (licence, flags) whose signature was checked. */
  'blob.taken': { readonly coll: string; readonly ver: number; readonly jws: string };
};
