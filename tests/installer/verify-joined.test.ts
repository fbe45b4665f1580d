import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyFolder, type Finding } from '../../edge-node/verify-folder.ts';
import { openBareHistory, type BareHistory } from '../support/bare-history.ts';

let history: BareHistory;
beforeEach(() => {
  history = openBareHistory();
  history.write(10);
  history.leaveAt(7, true);
  history.write(2);
  history.leaveAt(12, true);
  history.leaveAt(12, true);
});
afterEach(() => history.close());

const find = (): Finding => verifyFolder(history.folder, { replay: false, runtime: null });
const sql = (text: string): void => void history.db.$client.exec(text);
const [first, second, third] = ['log-1-node-1', 'log-2-node-1', 'log-3-node-1'];

test('a history of several logs, with lines that were carried from one into the other, is whole', () => {
  expect(find()).toMatchObject({ ok: true, events: 12 });
  history.write(3);
  expect(find()).toMatchObject({ ok: true, events: 15 });
});

test('a carried line that was changed is named in the log that it stands in now', () => {
  sql(`UPDATE event SET line = replace(line, 'Séparée', 'Separee') WHERE pos = 9`);
  expect(find()).toMatchObject({ ok: false, wrong: 'changed', first: { log: second, seq: 2 } });
});

test('an end that is gone from a log is missing there, though no event follows on it', () => {
  sql('DELETE FROM event WHERE pos = 12');
  expect(find()).toMatchObject({ ok: false, wrong: 'missing', first: { log: second, seq: 5 } });
});

test('an end that is gone from a log that was left is missing there', () => {
  sql('DELETE FROM event WHERE pos = 7; UPDATE event SET pos = pos - 1 WHERE pos > 7');
  expect(find()).toMatchObject({ ok: false, wrong: 'misplaced', first: { log: first, seq: 7 } });
});

test('a log that does not grow out of what is there is not joined', () => {
  sql(`UPDATE log SET parent_hash = '${'0'.repeat(64)}' WHERE log_id = '${third}'`);
  expect(find()).toMatchObject({ ok: false, wrong: 'missing', first: { log: second, seq: 6 } });
  sql(`UPDATE log SET parent_seq = 6 WHERE log_id = '${second}'`);
  expect(find()).toMatchObject({ ok: false, wrong: 'misplaced', first: { log: first, seq: 8 } });
});
