import { expect, test } from 'vitest';
import { camelot, keyName, readKey } from '../../edge-node/music/key-name.ts';

const READ = [
  ['F#m', 'F#m', '11A'],
  ['11A', 'F#m', '11A'],
  ['Gb minor', 'F#m', '11A'],
  ['1m', 'Am', '8A'],
  ['1d', 'C', '8B'],
  ['Bbm', 'Bbm', '3A'],
  ['B\u266d', 'Bb', '6B'],
  ['Ab moll', 'G#m', '1A'],
  ['D maj', 'D', '10B'],
  ['C sharp minor', 'C#m', '12A'],
  ['A-flat major', 'Ab', '4B'],
  ['Fis-Moll', 'F#m', '11A'],
  ['As-Dur', 'Ab', '4B'],
  ['A:min', 'Am', '8A'],
  ['A minor (8A)', 'Am', '8A'],
  ['8A - Am', 'Am', '8A'],
  ['08A', 'Am', '8A'],
] as const;

for (const [text, name, wheel] of READ) {
  test(`the key ${text} is kept as ${name} and shown as ${wheel} too`, () => {
    const tone = readKey(text);
    expect(tone).not.toBeNull();
    expect(tone && [keyName(tone), camelot(tone)]).toEqual([name, wheel]);
  });
}

test('what names no key is none', () => {
  expect(['o', '', '13A', 'H', 'A minor seventh', '0'].map(readKey)).toEqual([null, null, null, null, null, null]);
});
