import { extend } from '#shared/log/stretch.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
const genesis = { logId: 'L', parent: null, nodeId: 'n', keyThumbprint: 'k' };
let h = genesisHash(genesis); const hashes = [h.toString('hex')]; const lines: string[] = [];
for (let i = 1; i <= 50000; i++) { const l = `{"v":1,"seq":${i},"id":"e${i}","body":{"x":"${'y'.repeat(300)}"}}`; lines.push(l); h = nextHash(h, l); hashes.push(h.toString('hex')); }
const st = (f: number, t: number) => ({ genesis, from: f, prev: hashes[f - 1]!, hash: hashes[t]!, lines: lines.slice(f - 1, t) });
for (const [name, all] of [['5 tablets, 2000 single lines each', Array.from({ length: 5 }, () => Array.from({ length: 2000 }, (_, i) => st(48001 + i, 48001 + i))).flat()], ['mirror 50k + tablets', [st(1, 50000), ...Array.from({ length: 2000 }, (_, i) => st(48001 + i, 48001 + i))]]] as const) {
  const start = name.startsWith('5') ? { logId: 'L', seq: 48000, hash: hashes[48000]! } : { logId: 'L', seq: 0, hash: hashes[0]! };
  const t = performance.now(); const r = extend(start, all); console.log(name, r.lines.length, (performance.now() - t).toFixed(0), 'ms');
}
