import { execFileSync } from 'node:child_process';
import type { Tools } from '../../edge-node/music/tools.ts';

/** Some seconds of a beat with a bass line and a chord, as one of ffmpeg's own expressions: a tempo, a key, a loudness. */
export function song(seconds: number, { bpm = 120, gain = 0.5, accent = 0.8 } = {}): readonly string[] {
  const beat = (60 / bpm).toFixed(6);
  const kick = `${accent}*sin(2*PI*55*t)*exp(-12*mod(t,${beat}))`;
  const hat = `0.15*(random(0)*2-1)*exp(-60*mod(t+${beat}/2,${beat}))`;
  const chord = '0.12*(sin(2*PI*220*t)+sin(2*PI*261.63*t)+sin(2*PI*329.63*t))';
  const left = `${gain}*(${kick}+${hat}+${chord})`;
  const right = `${gain}*(${kick}+${hat}+${chord}*0.9)`;
  return ['-f', 'lavfi', '-i', `aevalsrc=exprs='${left}|${right}':s=44100:d=${seconds}`];
}

/** Loudness and true peak as ffmpeg's own meter has them. */
export function remeasure(tools: Tools, file: string): { readonly lufs: number; readonly peak: number } {
  const args = [
    '-nostdin',
    '-hide_banner',
    '-i',
    `file:${file}`,
    '-af',
    'ebur128=peak=true:metadata=1,ametadata=print:file=-',
  ];
  const said = execFileSync(tools.ffmpeg, [...args, '-f', 'null', '-'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 256 * 1024 * 1024,
  });
  const last = (name: string): number => Number([...said.matchAll(new RegExp(`${name}=(\\S+)`, 'g'))].at(-1)?.[1]);
  const peaks = [...said.matchAll(/true_peaks_ch\d=(\S+)/g)].map(([, value]) => Number(value));
  return { lufs: last('lavfi\\.r128\\.I'), peak: 20 * Math.log10(Math.max(...peaks)) };
}
