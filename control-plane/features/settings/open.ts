import type { CloudCore } from '../../cloud.ts';
import { openBell } from './bell.ts';
import { feedRoutes } from './edge-routes.ts';
import type { Settings } from './feed-log.ts';
import { hqRoutes } from './hq-routes.ts';
import { projectEdits } from './project-edits.ts';

/** What headquarters and a club share: the feed down for boxes, the routes of headquarters, the edits that come up. */
export function openSettings(core: CloudCore) {
  const cloud: Settings = {
    ...core,
    get epoch() {
      return core.epoch;
    },
    bell: openBell(),
  };
  return {
    forBoxes: feedRoutes(cloud),
    forHq: hqRoutes(cloud),
    project: () => projectEdits(cloud),
  };
}
