import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openDataFolder } from './data-folder.ts';
import { VERSION } from './open-edge.ts';
import { clubKeyOf } from './recovery-code.ts';
import { sqliteBinding } from './sqlite-binding.ts';
import { openAssets } from './assets.ts';
import { enrol } from './sync/enrol.ts';
import { nodeKey } from './sync/node-identity.ts';
import { writeWhole } from './whole-file.ts';

export type Replacing = {
  /** The club key, as it was printed at set-up. */
  readonly recoveryCode: string;
  /** Null for a club without a cloud: then all comes from the second copy. */
  readonly cloud: { readonly url: string; readonly code: string } | null;
  /** The folder of the second copy; null where there is none. */
  readonly mirror: string | null;
};

/**
 * Makes a data folder for a box that takes another's place: a key of its own, the club's key, a place in the cloud that
 * fences the old box. The history comes when it is started. Throws with a sentence where the folder is in use, the code
 * is wrong or the cloud refuses.
 */
export async function replaceBox(folder: string, replacing: Replacing, runtime: string | null): Promise<void> {
  const { recoveryCode, cloud, mirror } = replacing;
  if (cloud === null && mirror === null)
    throw new Error('A history comes from the cloud or from a second copy: name one.');
  const clubKey = clubKeyOf(recoveryCode);
  if (existsSync(path.join(folder, 'club.db'))) throw new Error(`There is a club in ${folder} already.`);
  if (mirror !== null && !existsSync(mirror)) throw new Error(`There is no second copy in ${mirror}.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(path.join(folder, 'club.key'), clubKey.toString('base64'));
  const binding = sqliteBinding(openAssets(), runtime ?? path.join(folder, 'runtime'));
  const data = openDataFolder(folder, randomBytes, binding);
  try {
    const { nodeId } = data.node;
    const { publicJwk } = nodeKey(data.nodeKeyPem);
    const enrolled =
      cloud && (await enrol(cloud.url, { code: cloud.code, nodeId, publicKey: publicJwk, version: VERSION }));
    data.saveNode({
      nodeId,
      cloud: cloud &&
        enrolled && {
          url: cloud.url,
          clubId: enrolled.clubId,
          orgId: enrolled.orgId,
          receiptKeys: enrolled.receiptKeys,
        },
      replaces: { mirror },
    });
  } finally {
    data.release();
  }
}
