import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_LINE_BYTES_MAX } from '#shared/contract/event-line.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  batchText,
  floorEvents,
  hashHex,
  hello,
  newKey,
  newNode,
  newOpenNode,
  openLog,
  orgOf,
  postJson,
  push,
  pushBytes,
  signedPost,
  writeLog,
  type TestNode,
} from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

async function storedLines(node: TestNode): Promise<string[]> {
  return inTenant(cloud.pool, orgOf(node), async ({ client }) => {
    const { rows } = await client.query<{ line: string }>('SELECT line FROM event ORDER BY log, seq');
    return rows.map(({ line }) => line);
  });
}

type Sent = readonly [body: Buffer, encoding: 'gzip' | 'identity' | 'br'];
const plain = (text: string): Sent => [Buffer.from(text), 'identity'];
const spoilt = (from: string, to: string) => (text: string) => plain(text.replace(from, to));
const cut = (change: (lines: string[]) => string[]) => (text: string) => plain(change(text.split('\n')).join('\n'));
const MEGABYTE = 1_048_576;

const BAD_BATCHES: readonly (readonly [what: string, spoil: (text: string) => Sent, why: string])[] = [
  ['a first seq of zero', spoilt('"from":1', '"from":0'), 'header_invalid'],
  ['a negative first seq', spoilt('"from":1', '"from":-1'), 'header_invalid'],
  ['a first seq of 2^53', spoilt('"from":1', '"from":9007199254740992'), 'header_invalid'],
  ['a last seq beyond 2^53', spoilt('"from":1', '"from":9007199254740990'), 'seq_out_of_range'],
  ['a first seq that is no whole number', spoilt('"from":1', '"from":1.5'), 'header_invalid'],
  ['a line with seq 0', spoilt('"seq":1', '"seq":0'), 'seq_not_dense'],
  ['a line with a negative seq', spoilt('"seq":1', '"seq":-1'), 'seq_not_dense'],
  ['a line with seq 2^53', spoilt('"seq":5', '"seq":9007199254740992'), 'seq_not_dense'],
  ['a line with a seq in quotes', spoilt('"seq":1', '"seq":"1"'), 'seq_not_dense'],
  ['a gap between two lines', spoilt('"seq":3', '"seq":4'), 'seq_not_dense'],
  ['lines in another order', cut((lines) => lines.with(1, lines[2] ?? '')), 'seq_not_dense'],
  ['a missing line', cut((lines) => lines.toSpliced(2, 1)), 'count_differs'],
  ['a line too many', cut((lines) => lines.toSpliced(2, 0, lines[2] ?? '')), 'count_differs'],
  ['an empty line', cut((lines) => lines.with(2, '')), 'line_not_json'],
  ['a hash that is none', spoilt('"prev":"', '"prev":"zz'), 'header_invalid'],
  ['a field in the header that nobody asked for', spoilt('"proto":1', '"proto":1,"force":true'), 'header_invalid'],
  ['no header', cut((lines) => lines.slice(1)), 'header_invalid'],
  ['nothing but a header', cut((lines) => [lines[0] ?? '', '']), 'no_events'],
  ['a header without an end', cut((lines) => lines.slice(0, 1)), 'no_events'],
  ['nothing at all', () => plain(''), 'no_events'],
  ['a header of 5 KB', (text) => plain(`{"x":"${'y'.repeat(5_000)}"}\n${text}`), 'header_invalid'],
  ['a truncated gzip stream', (text) => [gzipSync(text).subarray(0, -9), 'gzip'], 'gzip_broken'],
  ['a gzip stream without its body', (text) => [gzipSync(text).subarray(0, 10), 'gzip'], 'gzip_broken'],
  ['a changed byte inside gzip', (text) => [flipped(gzipSync(text), 40), 'gzip'], 'gzip_broken'],
  ['no gzip at all', (text) => [Buffer.from(text), 'gzip'], 'gzip_broken'],
  ['an unknown encoding', (text) => [Buffer.from(text), 'br'], 'encoding_unsupported'],
  ['a NUL byte', spoilt('"away":2', '"away":\0'), 'nul_byte'],
  ['invalid UTF-8', (text) => [Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28])]), 'identity'], 'not_utf8'],
  ['half a character', (text) => [withByte(text, 0xed, 0xa0, 0x80), 'identity'], 'not_utf8'],
  ['a byte order mark before a line', spoilt('\n{"v":1,"seq":1', '\n\uFEFF{"v":1,"seq":1'), 'line_not_json'],
  ['a line that is no JSON', spoilt('"away":2}', '"away":2'), 'line_not_json'],
  ['a line that is no object', spoilt('"v":1,"seq":1', '"w":1,"seq":1'), 'version_unknown'],
  ['an unknown version', spoilt('{"v":1', '{"v":2'), 'version_unknown'],
];

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  return bytes;
}

/** A text with some bytes in place of the first 2. */
function withByte(text: string, ...bytes: number[]): Buffer {
  const [before = '', after = ''] = text.split('"away":2', 2);
  return Buffer.concat([Buffer.from(`${before}"away":"`), Buffer.from(bytes), Buffer.from(`"${after}`)]);
}

describe('S13: bad input', () => {
  test.each(BAD_BATCHES)('%s is a bad batch, and nothing of it is stored', async (what, spoil, why) => {
    const logId = `log-${BAD_BATCHES.findIndex(([one]) => one === what)}`;
    const node = await newOpenNode(cloud, logId);
    const log = writeLog(node, logId, floorEvents(5));
    const [body, encoding] = spoil(batchText(log, { from: 1, to: 5 }));
    expect(await pushBytes(cloud, node, { logId, body, encoding })).toMatchObject({
      status: 400,
      body: { s: 'bad_batch', why },
    });
    expect(await storedLines(node)).toEqual([]);
    expect((await push(cloud, node, log, { from: 1, to: 5 })).body).toMatchObject({ s: 'ok', acked: 5 });
  });

  test('a gap says where to go on, a wrong hash before the batch is a fork', async () => {
    const node = await newOpenNode(cloud, 'log-gap');
    const log = writeLog(node, 'log-gap', floorEvents(9));
    const stands = { acked: 0, hash: hashHex(log, 0), cloudEpoch: 1 };
    expect(await push(cloud, node, log, { from: 2, to: 9 })).toMatchObject({
      status: 409,
      body: { s: 'gap', ...stands },
    });
    const prev = '00'.repeat(32);
    expect(await push(cloud, node, log, { from: 1, to: 9, header: { prev } })).toMatchObject({
      status: 409,
      body: { s: 'fork', ...stands },
    });
    expect(await storedLines(node)).toEqual([]);
  });

  test('a small body that inflates beyond the bound is too large', async () => {
    const node = await newOpenNode(cloud, 'log-bomb');
    const bomb = gzipSync(Buffer.alloc(200 * MEGABYTE, 'a'));
    expect(bomb.length).toBeLessThan(1_000_000);
    const { status, body } = await pushBytes(cloud, node, { logId: 'log-bomb', body: bomb, encoding: 'gzip' });
    expect([status, body]).toEqual([413, { s: 'too_large', maxBytes: MEGABYTE, maxEvents: 2_000 }]);
  });

  test.each([
    ['as it is', 'identity'],
    ['compressed', 'gzip'],
  ])('a line of 10 MB, sent %s, is too large', async (_how, encoding) => {
    const node = await newOpenNode(cloud, `log-10mb-${encoding}`);
    const events = [{ type: 'a.b', day: null, body: { text: 'x'.repeat(10 * MEGABYTE) } }];
    const text = batchText(writeLog(node, `log-10mb-${encoding}`, events), { from: 1, to: 1 });
    const body = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text);
    const { status, body: said } = await pushBytes(cloud, node, { logId: `log-10mb-${encoding}`, body, encoding });
    expect([status, said.s]).toEqual([413, 'too_large']);
  });

  test('a line of 64 KB goes in, a longer one does not', async () => {
    const node = await newOpenNode(cloud, 'log-long');
    const lineOf = (seq: number, bytes: number) => {
      const frame = `{"v":1,"seq":${seq},"type":"a.b","day":null,"body":{"t":""}}`;
      return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
    };
    const opened = writeLog(node, 'log-long', []);
    const lines = [lineOf(1, EVENT_LINE_BYTES_MAX)];
    expect((await push(cloud, node, { ...opened, lines }, { from: 1, to: 1 })).body.s).toBe('ok');
    const longer = { ...opened, lines: [lineOf(1, EVENT_LINE_BYTES_MAX + 1)] };
    expect((await push(cloud, node, longer, { from: 1, to: 1 })).body).toEqual({
      s: 'bad_batch',
      why: 'line_too_long',
    });
  });

  test('more events than a batch may have are too many, whatever the header says of them', async () => {
    const node = await newOpenNode(cloud, 'log-many');
    const log = writeLog(node, 'log-many', floorEvents(2_001));
    expect((await push(cloud, node, log, { from: 1, to: 2_001 })).body.s).toBe('too_large');
    expect((await push(cloud, node, log, { from: 1, to: 2_001, header: { n: 5 } })).body).toEqual({
      s: 'bad_batch',
      why: 'count_differs',
    });
  });

  test('duplicate keys go in byte for byte, and every reader takes the last one', async () => {
    const node = await newOpenNode(cloud, 'log-twice');
    const opened = writeLog(node, 'log-twice', []);
    const line = '{"v":1,"seq":7,"seq":1,"id":"a","type":"a.b","day":"d0","day":"d1","body":{}}';
    expect((await push(cloud, node, { ...opened, lines: [line] }, { from: 1, to: 1 })).body).toMatchObject({ s: 'ok' });
    expect(await storedLines(node)).toEqual([line]);
    const { nights } = (await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body;
    expect(nights).toEqual([{ day: 'd1', totalsCents: {}, counts: { 'a.b': 1 } }]);
    const other = { ...opened, lines: ['{"v":1,"seq":2,"seq":3,"type":"a.b","day":null,"body":{}}'] };
    expect((await push(cloud, node, other, { from: 2, to: 2, header: { prev: '0'.repeat(64) } })).body.s).toBe(
      'bad_batch',
    );
  });

  test("another club's log is as unknown as none, to whatever is asked of it", async () => {
    const mine = await newOpenNode(cloud, 'log-mine');
    const other = await newNode(cloud);
    const unknown = { status: 404, body: { s: 'unknown_log', active: null } };
    const log = writeLog(other, 'log-mine', floorEvents(2));
    expect(await push(cloud, other, log, { from: 1, to: 2 })).toMatchObject(unknown);
    expect(await hello(cloud, other, log, { seq: 2 })).toMatchObject(unknown);
    expect(await postJson(cloud, other, UPLINK_PATHS.lines('log-mine'), { from: 1, to: 1 })).toMatchObject(unknown);
    expect(await storedLines(mine)).toEqual([]);
  });

  test("another node's key signs for nobody else, and its thumbprint opens no log", async () => {
    const node = await newOpenNode(cloud, 'log-key');
    const other = newKey();
    const log = writeLog(node, 'log-key', floorEvents(2));
    expect(await push(cloud, { ...node, key: other.key }, log, { from: 1, to: 2 })).toMatchObject({
      status: 401,
      body: { s: 'not_signed' },
    });
    expect((await openLog(cloud, { ...node, thumbprint: other.thumbprint }, 'log-key-2')).body).toEqual({
      s: 'bad_batch',
      why: 'key_thumbprint_differs',
    });
    expect(await storedLines(node)).toEqual([]);
  });

  test.each(['%00', '..%2f..', 'a%20b', 'ü', 'x'.repeat(65)])(
    'a log id like %s is refused before anything is looked up',
    async (logId) => {
      const node = await newNode(cloud);
      const path = encodeURI(decodeURI(UPLINK_PATHS.hello('LOG'))).replace(
        'LOG',
        encodeURI(decodeURI(logId)).replaceAll('%25', '%'),
      );
      const body = Buffer.from('{"proto":1,"seq":0}');
      const answer = await signedPost(cloud, node, { path, body, type: 'application/json' });
      expect(answer).toMatchObject({ status: 400, body: { s: 'bad_batch', why: 'log_id_invalid' } });
    },
  );

  test.each([
    ['no JSON', '{"proto":1,'],
    ['no object', '[1]'],
    [
      'a NUL in a text',
      JSON.stringify({
        proto: 1,
        seq: 0,
        hash: '0'.repeat(64),
        status: { version: '\0', waiting: 0, oldestMs: null, secondCopy: 'off' },
      }),
    ],
    [
      'a head of 2^53',
      `{"proto":1,"seq":9007199254740992,"hash":"${'0'.repeat(64)}","status":{"version":"1","waiting":0,"oldestMs":null,"secondCopy":"off"}}`,
    ],
    [
      'a word that nobody knows',
      `{"proto":1,"seq":0,"hash":"${'0'.repeat(64)}","status":{"version":"1","waiting":0,"oldestMs":null,"secondCopy":"maybe"}}`,
    ],
  ])('a question with %s is a bad one', async (_what, text) => {
    const node = await newOpenNode(cloud, `log-q-${text.length}`);
    const path = UPLINK_PATHS.hello(`log-q-${text.length}`);
    const answer = await signedPost(cloud, node, { path, body: Buffer.from(text), type: 'application/json' });
    expect(answer).toMatchObject({ status: 400, body: { s: 'bad_batch', why: 'request_invalid' } });
  });

  test('a question beyond its bound is too large', async () => {
    const node = await newNode(cloud);
    const put = [{ subject: 'a', wrapped: 'x'.repeat(600_000) }];
    expect(await postJson(cloud, node, UPLINK_PATHS.keys, { put, get: null })).toMatchObject({ status: 413 });
    expect(await postJson(cloud, node, UPLINK_PATHS.mainline, { proto: 1, x: 'y'.repeat(20_000) })).toMatchObject({
      status: 413,
      body: { s: 'too_large' },
    });
  });
});
