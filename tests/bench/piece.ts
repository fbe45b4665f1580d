import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { song } from '../music/songs.ts';

const call = promisify(execFile);
/** The beat and the chord are reckoned for so long, and then heard again. */
const LOOP_SECONDS = 24;

export type Piece = {
  readonly seconds: number;
  /** Another number is another recording. */
  readonly nr: number;
  readonly title?: string;
};

/**
 * A piece that costs a coder what music does: beat, bass and chord, and over them the air, cymbals and room that every record
 * has, as pink noise that differs between left and right. Without it the AAC coder can't spend 320 kbit/s, and tries five
 * times for each frame: four times as dear as music. As loud as a master is.
 */
export async function makePiece(ffmpeg: string, file: string, { seconds, nr, title }: Piece): Promise<string> {
  const air = (side: number) => [
    '-f',
    'lavfi',
    '-i',
    `anoisesrc=color=pink:amplitude=0.12:sample_rate=44100:seed=${2 * nr + side}`,
  ];
  const loop = `[0]aloop=loop=-1:size=${LOOP_SECONDS * 44_100}[band]`;
  const mixed = '[1][2]amerge=inputs=2,tremolo=f=4:d=0.5[air];[band][air]amix=inputs=2:normalize=0:duration=shortest';
  const master = 'volume=6dB,alimiter=limit=0.9:level=disabled';
  const args = [
    '-nostdin',
    '-v',
    'error',
    '-y',
    ...song(LOOP_SECONDS, { bpm: 100 + (nr % 40), gain: 0.7 }),
    ...air(0),
    ...air(1),
    '-filter_complex',
    `${loop};${mixed},${master}`,
    '-t',
    String(seconds),
    ...(title === undefined ? [] : ['-metadata', `title=${title}`]),
    ...(file.endsWith('.mp3') ? ['-c:a', 'libmp3lame', '-b:a', '320k'] : []),
    file,
  ];
  await call(ffmpeg, args);
  return file;
}
