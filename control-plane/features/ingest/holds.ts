import type { Tenant } from '../../db/tenant.ts';

/**
 * Notes whether a club's events must be added to the nights one after the other: while an aggregate of it is held, or a log
 * before the last one is not added to its end. A push then stores alone, and the projector goes on in order. The caller
 * holds the club's row.
 */
export async function noteHolds({ client, org }: Tenant, club: number): Promise<void> {
  await client.query(
    `UPDATE club SET holds = now.holds
     FROM (SELECT EXISTS (
         SELECT FROM edge_log l JOIN quarantine q ON q.org = l.org AND q.log = l.log
         WHERE l.org = $1 AND l.club = $2 AND q.state = 'held' AND q.aggregate IS NOT NULL
       ) OR EXISTS (
         SELECT FROM edge_log l
         WHERE l.org = $1 AND l.club = $2 AND l.sealed_at IS NOT NULL AND l.projected < least(l.acked, l.sealed_at)
       ) AS holds) now
     WHERE club.org = $1 AND club.club = $2 AND club.holds <> now.holds`,
    [org, club],
  );
}
