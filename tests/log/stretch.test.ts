import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { lineHead, renumbered } from '#shared/log/line.ts';
import { extend, type Place, type Stretch } from '#shared/log/stretch.ts';

/** A log as its box wrote it. */
type Log = { readonly genesis: Genesis; readonly lines: readonly string[]; readonly hashes: readonly string[] };

function logOf(logId: string, parent: Genesis['parent'], lines: readonly string[]): Log {
  const genesis = { logId, parent, nodeId: 'n', keyThumbprint: 'k' };
  let hash = genesisHash(genesis);
  return {
    genesis,
    lines,
    hashes: [hash.toString('hex'), ...lines.map((line) => (hash = nextHash(hash, line)).toString('hex'))],
  };
}
const line = (seq: number, id: string): string =>
  `{"v":1,"seq":${seq},"id":"${id}","body":{"text":"Ünï \u{FFFD} ${id}"}}`;
const placeOf = ({ genesis, hashes }: Log, seq: number): Place => ({
  logId: genesis.logId,
  seq,
  hash: hashes[seq] ?? '',
});
function cut(log: Log, from: number, to: number): Stretch {
  const { genesis, lines, hashes } = log;
  return { genesis, from, prev: hashes[from - 1] ?? '', hash: hashes[to] ?? '', lines: lines.slice(from - 1, to) };
}

/** A first log, and one that grew out of the middle or the end of it: the club's mainline. */
type History = { readonly root: Log; readonly child: Log; readonly left: number; readonly mainline: readonly string[] };
const histories = fc
  .record({ rootLines: fc.integer({ min: 1, max: 12 }), childLines: fc.integer({ min: 1, max: 12 }), left: fc.nat(12) })
  .map(({ rootLines, childLines, left: wish }): History => {
    const root = logOf(
      'root',
      null,
      Array.from({ length: rootLines }, (_, at) => line(at + 1, `r${at + 1}`)),
    );
    const left = Math.min(wish, rootLines);
    const carried = root.lines.slice(left).map((old, at) => renumbered(old, at + 1));
    const own = Array.from({ length: childLines }, (_, at) => line(carried.length + at + 1, `c${at + 1}`));
    const child = logOf('child', placeOf(root, left), [...carried, ...own]);
    return { root, child, left, mainline: [...root.lines.slice(0, left), ...child.lines] };
  });
const spanOf = (log: Log): fc.Arbitrary<Stretch> =>
  fc
    .tuple(fc.integer({ min: 1, max: log.lines.length }), fc.integer({ min: 1, max: log.lines.length }))
    .map(([a, b]) => cut(log, Math.min(a, b), Math.max(a, b)));
const spansOf = ({ root, child }: History): fc.Arbitrary<readonly Stretch[]> =>
  fc.array(fc.oneof(spanOf(root), spanOf(child)), { maxLength: 12 });

/** Something that a witness got wrong, or wrong on purpose; what it says of itself is not made to fit. */
const damaged = (stretch: Stretch): fc.Arbitrary<Stretch> =>
  fc
    .tuple(fc.constantFrom('byte', 'drop', 'double', 'swap', 'from', 'prev', 'hash', 'half', 'genesis'), fc.nat())
    .map(([how, chance]) => {
      const at = chance % stretch.lines.length;
      const lines = [...stretch.lines];
      const old = lines[at] ?? '';
      const byte = chance % old.length;
      if (how === 'byte') lines[at] = `${old.slice(0, byte)}${old[byte] === '~' ? '!' : '~'}${old.slice(byte + 1)}`;
      if (how === 'half') lines[at] = old.replace('\u{FFFD}', '\u{D800}');
      if (how === 'drop') lines.splice(at, 1);
      if (how === 'double') lines.splice(at, 0, old);
      if (how === 'swap') [lines[0], lines[at]] = [lines[at] ?? '', lines[0] ?? ''];
      return {
        ...stretch,
        lines,
        ...(how === 'from' && { from: stretch.from + 1 + (chance % 3) }),
        ...(how === 'prev' && { prev: '0'.repeat(64) }),
        ...(how === 'hash' && { hash: stretch.prev }),
        ...(how === 'genesis' && { genesis: { ...stretch.genesis, parent: placeOf(logOf('x', null, []), 0) } }),
      };
    });

/** How far the lines of the mainline are held by anybody, from its first on, each in one piece with the one before. */
function reachOf({ root, left, mainline }: History, stretches: readonly Stretch[]): number {
  const held = new Set(
    stretches.flatMap(({ genesis, from, lines }) => lines.map((_, at) => `${genesis.logId}/${from + at}`)),
  );
  const isHeld = (at: number): boolean => held.has(at < left ? `root/${at + 1}` : `child/${at - left + 1}`);
  const along = (end: number): number => {
    let at = 0;
    while (at < end && isHeld(at)) at += 1;
    return at;
  };
  const alongRoot = root.lines.findIndex((_, at) => !held.has(`root/${at + 1}`));
  return Math.max(along(mainline.length), alongRoot === -1 ? root.lines.length : alongRoot);
}

const idsOf = (lines: readonly string[]): readonly string[] => lines.map((one) => lineHead(one)?.id ?? '');
const start = ({ root }: History): Place => placeOf(root, 0);
const cases = histories.chain((history) => spansOf(history).map((stretches) => ({ history, stretches })));
const written = ({ root, child }: History): ReadonlySet<string> => new Set([...root.lines, ...child.lines]);

describe('going on from a place with what others kept', () => {
  test('in any order, overlapping and repeated, it reaches as far as the lines do', () => {
    fc.assert(
      fc.property(cases, ({ history, stretches }) => {
        const { place, lines } = extend(start(history), stretches);
        expect(lines.length).toBe(reachOf(history, stretches));
        const texts = lines.map(({ line: text }) => text);
        const alongMainline = history.mainline.slice(0, lines.length);
        const alongRoot = history.root.lines.slice(0, lines.length);
        expect([alongMainline, alongRoot]).toContainEqual(texts);
        const end = lines.at(-1);
        expect({ logId: place.logId, seq: place.seq }).toEqual(
          end ? { logId: end.logId, seq: end.seq } : { logId: 'root', seq: 0 },
        );
        expect([...history.root.hashes, ...history.child.hashes]).toContain(place.hash);
      }),
      { numRuns: 500 },
    );
  });

  test('what was damaged on the way never gets in, and never stands in the way', () => {
    const withDamage = cases.chain(({ history, stretches }) =>
      fc
        .tuple(...stretches.map(damaged))
        .chain((bad) => fc.shuffledSubarray([...stretches, ...bad], { minLength: stretches.length + bad.length }))
        .map((all) => ({ history, stretches, all })),
    );
    fc.assert(
      fc.property(withDamage, ({ history, stretches, all }) => {
        const { lines } = extend(start(history), all);
        expect(lines.length).toBe(reachOf(history, stretches));
        expect(lines.filter(({ line: text }) => !written(history).has(text))).toEqual([]);
        for (const { seq, line: text } of lines) expect(lineHead(text)?.seq).toBe(seq);
      }),
      { numRuns: 500 },
    );
  });

  test('from any place on the mainline it goes on with what comes after it only', () => {
    const places = cases.chain(({ history, stretches }) =>
      fc.integer({ min: 0, max: history.child.lines.length }).map((seq) => ({ history, stretches, seq })),
    );
    fc.assert(
      fc.property(places, ({ history, stretches, seq }) => {
        const { lines } = extend(placeOf(history.child, seq), stretches);
        expect(lines.map(({ line: text }) => text)).toEqual(history.child.lines.slice(seq, seq + lines.length));
        expect(new Set(lines.map(({ logId }) => logId)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  test('of two boxes that went on from one disk it follows the one of which more is held, and tells apart what is beside', () => {
    const tail = fc.integer({ min: 1, max: 6 });
    const twins = fc.record({ shared: fc.nat(5), mine: tail, theirs: tail }).chain(({ shared, mine, theirs }) => {
      const box = (name: string, count: number): Log => {
        const ids = Array.from({ length: shared + count }, (_, at) => (at < shared ? `s${at}` : `${name}${at}`));
        return logOf(
          'root',
          null,
          ids.map((id, at) => line(at + 1, id)),
        );
      };
      const boxes = [box('a', mine), box('b', theirs)] as const;
      return fc
        .array(fc.oneof(spanOf(boxes[0]), spanOf(boxes[1])), { maxLength: 10 })
        .map((stretches) => ({ boxes, stretches }));
    });
    fc.assert(
      fc.property(twins, ({ boxes, stretches }) => {
        const held = new Set(
          stretches.flatMap(({ from, lines }) =>
            boxes.flatMap(({ hashes, lines: all }) =>
              lines.every((one, at) => one === all[from - 1 + at]) ? lines.map((_, at) => hashes[from + at] ?? '') : [],
            ),
          ),
        );
        const reach = ({ hashes, lines }: Log): number => {
          const missing = lines.findIndex((_, at) => !held.has(hashes[at + 1] ?? ''));
          return missing === -1 ? lines.length : missing;
        };
        const { lines, beside } = extend(placeOf(boxes[0], 0), stretches);
        const texts = lines.map(({ line: text }) => text);
        expect(texts.length).toBe(Math.max(...boxes.map(reach)));
        expect(boxes.map(({ lines }) => lines.slice(0, texts.length))).toContainEqual(texts);
        const all = [...idsOf(texts), ...idsOf(beside.map(({ line: text }) => text))];
        const reachable = new Set(boxes.flatMap((box) => idsOf(box.lines.slice(0, reach(box)))));
        expect(all.toSorted()).toEqual([...reachable].toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test('a whole history and the last lines of many tablets, one by one, are no heap of copies', () => {
    const root = logOf(
      'root',
      null,
      Array.from({ length: 20_000 }, (_, at) => line(at + 1, `r${at}`)),
    );
    const tails = Array.from({ length: 4_000 }, (_, at) => cut(root, 18_001 + (at % 2_000), 18_001 + (at % 2_000)));
    expect(extend(placeOf(root, 0), [...tails, cut(root, 1, 19_000)]).place).toEqual(placeOf(root, 20_000));
  });

  test('a log that was left before its end is gone on with in its child, also where only the whole of it is held', () => {
    const root = logOf(
      'root',
      null,
      [1, 2, 3].map((seq) => line(seq, `r${seq}`)),
    );
    const child = logOf(
      'child',
      placeOf(root, 1),
      [1, 2, 3].map((seq) => line(seq, `c${seq}`)),
    );
    const { place, lines } = extend(placeOf(root, 0), [cut(root, 1, 3), cut(child, 1, 3)]);
    expect(place).toEqual(placeOf(child, 3));
    expect(lines.map(({ line: text }) => text)).toEqual([root.lines[0], ...child.lines]);
  });
});
