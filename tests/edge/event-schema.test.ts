import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { parseLine } from '#shared/contract/event-line.ts';
import { EVENT_BODIES, type BodiesAgree } from '#shared/contract/event-schemas.ts';
import type { EventType } from '#shared/domain/event.ts';
import { buildTestEdge } from '../support/edge.ts';
import { seedDemoEvening } from '../../edge-node/demo.ts';

/** One line of each shipped version: read for ever. A line is added with a version, none is ever changed. */
const GOLDEN = [
  '{"v":1,"seq":1,"id":"01a2056f-204d-72ec-a95d-0959a35d5d56","type":"node.started","tv":1,"at":{"wall":1795387501508,"off":-480,"mono":1200,"boot":"b_0011","clk":"local"},"day":null,"actor":{"kind":"node","id":"n","dev":null,"auth":"node"},"cmd":"start-b_0011","sub":[],"body":{"version":"0.1.0","boot":"b_0011"}}',
  '{"v":1,"seq":2,"id":"01a2056f-2b57-7388-9fbf-80d38b134265","type":"house_fee.paid","tv":1,"at":{"wall":1795387501509,"off":-480,"mono":1201,"boot":"b_0011","clk":"ntp"},"day":"d1","actor":{"kind":"staff","id":"s1","dev":"t1","auth":"pin"},"cmd":"c1","sub":["x"],"body":{"fee":"f1","dancer":"x","cents":6000,"drawer":"w1","postings":[{"account":"cash_drawer:w1","cents":6000},{"account":"dancer:x","cents":-6000}]}}',
  '{"v":1,"seq":3,"id":"01a2056f-2b65-79aa-8154-572d1aa53eee","type":"rotation.moved","tv":1,"at":{"wall":1795387501510,"off":-480,"mono":1202,"boot":"b_0011","clk":"ntp"},"day":"d1","actor":{"kind":"staff","id":"s1","dev":"t1","auth":"pin"},"cmd":"c2","sub":["x"],"body":{"entry":"e1","after":null,"round":1,"rank":0.5}}',
] as const;

const check = (type: EventType, body: unknown): boolean => Compile(EVENT_BODIES[type]).Check(body);

test('every body that a node writes is the one that the contract names', async () => {
  const edge = await buildTestEdge();
  await seedDemoEvening(edge.edge);
  const lines = edge.edge.log.linesFrom(1, 10_000).map(parseLine);
  await edge.close();
  expect(new Set(lines.map(({ type }) => type)).size).toBeGreaterThan(12);
  expect(lines.filter(({ type, body }) => !check(type, body))).toEqual([]);
});

test('domain and contract name the same bodies, as the compiler sees it', () => {
  const differing: readonly BodiesAgree[] = [];
  expect(differing).toEqual([]);
});

test('a body with a field too many, or money that is no whole number of cents, is not', () => {
  expect(check('drawer.closed', { drawerSession: 's', drawer: 'd', postings: [], more: 1 })).toBe(false);
  expect(check('drawer.closed', { drawerSession: 's', drawer: 'd', postings: [{ account: 'safe', cents: 0.5 }] })).toBe(
    false,
  );
});

test.each(GOLDEN)('a line that was once shipped is still read: %s', (line) => {
  const { type, tv, body } = parseLine(line);
  expect(tv).toBe(1);
  expect(check(type, body)).toBe(true);
});
