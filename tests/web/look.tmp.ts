import { buildTestEdge } from '../support/edge.ts';
import { openBrowser, openScreen } from '../support/browser.ts';
import { openNight, entryOf } from './a-night.ts';
const edge = await buildTestEdge();
const night = await openNight(await edge.tablet('Max'));
const { manager: m, rooms, dancers } = night;
const quote = async (r: number, rate: string, who: string[]) => m.must('room_session.quote', { room: rooms[r]!.id, rate, dancers: who.map((w) => dancers.get(w)!) });
await m.must('stage_set.start', { entry: (await entryOf(night, 'Amber')).id });
await m.must('rotation.call', { entry: (await entryOf(night, 'Bella')).id, away: 1 });
await m.must('room_session.start', { session: await quote(0, 'vip15', ['Jade', 'Daisy']) });
await quote(1, 'vip30', ['Gigi']);
const s = await quote(2, 'vip60', ['Fawn']);
await m.must('room_session.start', { session: s });
await m.must('room_session.end', { session: s, reason: 'guest' });
const browser = await openBrowser();
for (const [who, width, height, lang] of [['Max', 390, 844, 'en-US'], ['Max', 800, 1280, 'en-US'], ['Max', 1280, 800, 'en-US'], ['DJ', 390, 844, 'es-ES'], ['Victor', 1280, 800, 'es-ES']] as const) {
  const { page, close } = await openScreen(browser, { url: edge.url, who, width, height, touch: true, locale: lang });
  page.on('console', (x) => console.log(x.text())); page.on('pageerror', (x) => console.log(x));
  await page.waitForTimeout(400);
  await page.screenshot({ path: `/tmp/shots/${who}-${width}.png`, fullPage: true });
  if (who === 'Max') {
    for (const [i, n] of [[0, 'running'], [1, 'quoted'], [2, 'settle'], [4, 'free']] as const) {
      await page.locator('.card').nth(i).click(); await page.waitForTimeout(150);
      await page.screenshot({ path: `/tmp/shots/sheet-${n}-${width}.png` });
      await page.locator('.sheet-head button').click();
    }
  }
  await close();
}
await browser.close();
await edge.close();
