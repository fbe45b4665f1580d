import { expect, test } from 'vitest';
import { paper, printable } from '../../edge-node/print/paper.ts';

test('letters that the standard fonts lack lose their marks, and what has no plain letter is a question mark', () => {
  expect(printable('Zoë Dvořák – 10 €')).toBe('Zoë Dvorák – 10 €');
  expect(printable('Łucja 李')).toBe('?ucja ?');
});

test('a table longer than a page goes on on the next one, each with its number', () => {
  const rows = Array.from({ length: 120 }, (_, index) => [`Dancer ${index}`, '$10.00']);
  const pdf = paper(
    'Statement',
    ['Night of 2026-11-22'],
    [{ heading: 'Rooms', table: { columns: ['Who', 'What'], rows } }],
  );
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(3);
});
