import { expect, test } from 'vitest';
import { lineCommand, lineHead, renumbered } from '#shared/log/line.ts';

const line = (type: string, cmd: string, seq = 7): string =>
  JSON.stringify({ v: 1, seq, id: 'e-1', type, tv: 1, day: null, cmd, sub: [], body: { text: '"cmd":"another"' } });

test('a line says its number and its id, and what is no line says nothing', () => {
  expect(lineHead(line('room.added', 'k'))).toEqual({ seq: 7, id: 'e-1' });
  for (const none of [
    '',
    '{}',
    '{"v":2,"seq":7,"id":"e-1",',
    '{"v":1,"seq":07,"id":"e-1",',
    '{"v":1,"seq":0,"id":"e-1",',
  ])
    expect(lineHead(none)).toBeNull();
});

test('a line says which command it answers, whatever quotes stand in it', () => {
  expect(lineCommand(line('room.added', 'k'))).toBe('k');
  expect(lineCommand(line('room.added', 'demo {"name":"One"}'))).toBe('demo {"name":"One"}');
  expect(lineCommand('{}')).toBeNull();
});

test("a clock's step answers no command, as a refused one tells it too", () => {
  expect(lineCommand(line('clock.stepped', 'k'))).toBeNull();
});

test('a line that is carried has another number and else the same bytes', () => {
  const old = line('room.added', 'k', 9);
  expect(renumbered(old, 10_000)).toBe(line('room.added', 'k', 10_000));
  expect(() => renumbered('{}', 1)).toThrow('This is no event line.');
});
