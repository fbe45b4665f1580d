import { eq, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { club, device, drawer, room, stage, staff } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const ONLY = 'club';

export function clubReads(db: Db) {
  const settings = db.select().from(club).prepare();
  const stageById = db
    .select()
    .from(stage)
    .where(eq(stage.stage, sql.placeholder('id')))
    .prepare();
  const drawerById = db
    .select()
    .from(drawer)
    .where(eq(drawer.drawer, sql.placeholder('id')))
    .prepare();
  const staffById = db
    .select()
    .from(staff)
    .where(eq(staff.staff, sql.placeholder('id')))
    .prepare();
  const deviceById = db
    .select()
    .from(device)
    .where(eq(device.device, sql.placeholder('id')))
    .prepare();
  const allStages = db.select().from(stage).orderBy(stage.stage).prepare();
  const allRooms = db.select().from(room).orderBy(room.room).prepare();
  const allDrawers = db.select().from(drawer).orderBy(drawer.drawer).prepare();
  const allStaff = db.select().from(staff).orderBy(staff.name).prepare();
  const allDevices = db.select().from(device).prepare();
  return {
    settings: () => settings.get(),
    ...byName(db),
    stage: (id: string) => stageById.get({ id }),
    drawer: (id: string) => drawerById.get({ id }),
    staff: (id: string) => staffById.get({ id }),
    device: (id: string) => deviceById.get({ id }),
    stages: () => allStages.all(),
    rooms: () => allRooms.all(),
    drawers: () => allDrawers.all(),
    everyStaff: () => allStaff.all(),
    devices: () => allDevices.all(),
  };
}

/** Names are unique, so a name that is found is a name that is taken. */
function byName(db: Db) {
  const roomByName = db
    .select()
    .from(room)
    .where(eq(room.name, sql.placeholder('name')))
    .prepare();
  const stageByName = db
    .select()
    .from(stage)
    .where(eq(stage.name, sql.placeholder('name')))
    .prepare();
  const drawerByName = db
    .select()
    .from(drawer)
    .where(eq(drawer.name, sql.placeholder('name')))
    .prepare();
  const staffByName = db
    .select()
    .from(staff)
    .where(eq(staff.name, sql.placeholder('name')))
    .prepare();
  return {
    roomNamed: (name: string) => roomByName.get({ name }),
    stageNamed: (name: string) => stageByName.get({ name }),
    drawerNamed: (name: string) => drawerByName.get({ name }),
    staffNamed: (name: string) => staffByName.get({ name }),
  };
}

export function clubApply(
  db: Db,
): Appliers<
  | 'club.configured'
  | 'price_list.set'
  | 'stage.added'
  | 'room.added'
  | 'drawer.added'
  | 'staff.added'
  | 'device.paired'
  | 'device.revoked'
> {
  const putClub = db.insert(club).values(values(club)).prepare();
  const setPrices = db
    .update(club)
    .set({ houseFeeCents: sql`${sql.placeholder('fee')}`, roomRates: sql`${sql.placeholder('rates')}` })
    .prepare();
  const putStage = db.insert(stage).values(values(stage)).prepare();
  const putRoom = db.insert(room).values(values(room)).prepare();
  const putDrawer = db.insert(drawer).values(values(drawer)).prepare();
  const putStaff = db.insert(staff).values(values(staff)).prepare();
  const putDevice = db.insert(device).values(values(device)).prepare();
  const revoke = db
    .update(device)
    .set({ revoked: true })
    .where(eq(device.device, sql.placeholder('device')))
    .prepare();
  return {
    'club.configured': ({ body }) =>
      void putClub.run({ id: ONLY, ...body, houseFeeCents: 0, roomRates: [], settlementDirection: null }),
    'price_list.set': ({ body }) =>
      void setPrices.run({ fee: body.houseFeeCents, rates: JSON.stringify(body.roomRates) }),
    'stage.added': ({ body }) => void putStage.run({ ...body, open: true }),
    'room.added': ({ body }) => void putRoom.run({ ...body, state: 'AVAILABLE', session: null }),
    'drawer.added': ({ body }) => void putDrawer.run({ ...body, drawerSession: null }),
    'staff.added': ({ body, pii }) => {
      const pin = pii?.[body.staff]?.['pin'];
      assert(pin !== undefined, 'a member of staff comes with a sealed PIN');
      putStaff.run({ ...body, pin });
    },
    'device.paired': ({ body }) => void putDevice.run({ ...body, revoked: false }),
    'device.revoked': ({ body }) => void revoke.run(body),
  };
}
