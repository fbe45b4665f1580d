import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, importedDate, suggestMapping } from '#shared/domain/roster-import.ts';
import { csvLine, parseCsv } from '../../edge-node/http/csv.ts';

test('a table is read as RFC 4180 has it: quotes, doubled quotes, commas and line breaks in them, LF or CRLF, a byte order mark', () => {
  expect(parseCsv('\uFEFFa,b\r\n"x, ""y""\nz",\n\n,"" \r\n')).toBeNull();
  expect(parseCsv('\uFEFFa,b\r\n"x, ""y""\nz",\n\n1,2')).toEqual([
    ['a', 'b'],
    ['x, "y"\nz', ''],
    ['1', '2'],
  ]);
  expect(parseCsv('a,\n')).toEqual([['a', '']]);
  expect(parseCsv('')).toEqual([]);
  expect([parseCsv('a,"b'), parseCsv('a"b,c'), parseCsv('"a"b')]).toEqual([null, null, null]);
});

test('whatever is written as a table is read back (property)', () => {
  const text = fc.string({ minLength: 1 }).filter((one) => !/^'*[=+\-@\t\r]/.test(one) && one !== '\uFEFF');
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      expect(parseCsv(`\uFEFF${rows.map(csvLine).join('')}`)).toEqual(rows);
    }),
  );
});

test('a text of a roster comes back from a table as it went out, also one that begins like a formula (property)', () => {
  const columns = suggestMapping(['stage name']);
  const text = fc
    .tuple(fc.stringMatching(/^'{0,3}[=+\-@]?$/), fc.stringMatching(/^\w{1,9}$/))
    .map((one) => one.join(''));
  fc.assert(
    fc.property(text, (one) => {
      const [row = []] = parseCsv(csvLine([one])) ?? [];
      expect(row[0]).not.toMatch(/^[=+\-@]/);
      expect(cellsOf(row, columns).stage_name).toBe(one);
    }),
  );
});

test('columns are told by the words of the header, each for one field at most', () => {
  expect(suggestMapping(['Dancer', 'Full Name', 'D.O.B.', 'DOB', 'Permit #', 'Expiration', 'Issued by'])).toMatchObject(
    {
      stage_name: 0,
      legal_name: 1,
      birth_date: 3,
      credential_number: 4,
      credential_expires_on: 5,
      credential_issuer: 6,
      credential_kind: null,
      engagement: null,
    },
  );
  expect(suggestMapping(['Nombre artístico', 'Nombre legal', 'Fecha de nacimiento'])).toMatchObject({
    stage_name: 0,
    legal_name: 1,
    birth_date: 2,
  });
});

test('no column is ever given to two fields (property)', () => {
  const word = fc.constantFrom(
    'name',
    'stage name',
    'dob',
    'credential',
    'issuer',
    'issued',
    'expires',
    'permit',
    '',
    'x',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (header) => {
      const given = Object.values(suggestMapping(header)).filter((at) => at !== null);
      expect(new Set(given).size).toBe(given.length);
    }),
  );
});

test('a text that was guarded against formulas is as it was, and a cell that is not there is empty', () => {
  const columns = suggestMapping(['stage name', 'legal name']);
  expect(cellsOf(["'=Jade", ' Ann '], columns)).toMatchObject({
    stage_name: '=Jade',
    legal_name: 'Ann',
    birth_date: '',
  });
});

test('a date is ISO or of the American order, and real', () => {
  expect(['1998-04-02', '4/2/1998', '04/02/1998', '2/30/1998', '13/1/1998', '98-04-02', ''].map(importedDate)).toEqual([
    '1998-04-02',
    '1998-04-02',
    '1998-04-02',
    null,
    null,
    null,
    null,
  ]);
});
