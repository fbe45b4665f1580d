import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);

export type Sound = {
  readonly seconds: number;
  /** Hertz; another one is another recording. */
  readonly tone: number;
  readonly title?: string;
  readonly artist?: string;
};

/** A real music file, made by the machine's own ffmpeg: a chord with a beat, so that it has a loudness, a key and a tempo. */
export async function makeSound(file: string, { seconds, tone, title, artist }: Sound): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const wave = `aevalsrc='(0.3*sin(${tone}*2*PI*t)+0.2*sin(${tone * 1.5}*2*PI*t))*(0.4+0.6*exp(-8*mod(t,0.5)))|0.4*sin(${tone}*2*PI*t)*exp(-4*mod(t,0.5))':d=${seconds}:s=44100`;
  const tags = [
    ...(title ? ['-metadata', `title=${title}`] : []),
    ...(artist ? ['-metadata', `artist=${artist}`] : []),
  ];
  await call(process.env['CLUBOPS_FFMPEG'] ?? 'ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    wave,
    ...tags,
    file,
  ]);
  return file;
}
