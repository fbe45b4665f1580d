/**
 * Ids of organisations and clubs as the outside sees them. Each names its organisation, so that a request enters its tenant before any
 * row is read, and a directory of servers can route by it.
 */
export const orgId = (org: number): string => `o${org}`;
export const clubId = (org: number, club: number): string => `c${org}-${club}`;

export const ORG_ID_PATTERN = '^o[1-9][0-9]{0,8}$';
export const CLUB_ID_PATTERN = '^c[1-9][0-9]{0,8}-[1-9][0-9]{0,8}$';

/** Takes what matched ORG_ID_PATTERN. */
export const orgOf = (id: string): number => Number(id.slice(1));

/** Takes what matched CLUB_ID_PATTERN. */
export function clubOf(id: string): { readonly org: number; readonly club: number } {
  const [org, club] = id.slice(1).split('-');
  return { org: Number(org), club: Number(club) };
}
