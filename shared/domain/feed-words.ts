/** What keeps a dancer from working until it is lifted by name. */
export type RestrictionKind = 'banned' | 'suspended' | 'licence_expired' | 'under_age';
/** Who began it: somebody in the club, or headquarters by the feed. */
export type Origin = 'floor' | 'hq';
/** What became of an edit of the floor; `overridden`: headquarters' value holds, and both are kept. */
export type EditOutcome = 'accepted' | 'overridden' | 'review' | 'refused';
/** One shared field: its collection, the record in it, its name. */
export type FieldName = { readonly coll: string; readonly id: string; readonly field: string };
/** Where in the feed down it stood. */
export type FeedPlace = { readonly feed: string; readonly rev: number };
