import { useEffect, useRef, useState } from 'react';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { runningTime } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Booth } from './booth.ts';

const STEP_MS = 100;
const WIDTH = 600;
const HEIGHT = 64;
const FULL = 127;

type Props = {
  readonly booth: Booth;
  readonly track: TrackRow;
  readonly atMs: number;
  readonly onSeek: (positionMs: number) => void;
};

/** What the track sounds like, drawn from the node's peaks; a tap goes there. */
export function Waveform({ booth, track, atMs, onSeek }: Props) {
  const words = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [peaks, setPeaks] = useState<Int8Array | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const lengthMs = Math.max(1, track.seconds * 1_000);
  useEffect(() => {
    const state = { isOver: false };
    void booth.peaks(track.track).then((found) => {
      if (!state.isOver) setPeaks(found);
    });
    return () => {
      state.isOver = true;
    };
  }, [booth, track.track]);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, peaks, (dragged ?? atMs) / lengthMs);
  }, [peaks, atMs, dragged, lengthMs]);
  // Gone to when the finger or the key is up, not at every pixel on the way.
  const go = () => {
    if (dragged !== null) onSeek(dragged);
    setDragged(null);
  };
  return (
    <div className="waveform">
      <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={lengthMs}
        step={STEP_MS}
        value={dragged ?? atMs}
        aria-label={words.booth.seek(track.title)}
        aria-valuetext={runningTime(dragged ?? atMs)}
        onChange={({ target }) => setDragged(Number(target.value))}
        onPointerUp={go}
        onKeyUp={go}
        onBlur={go}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, peaks: Int8Array | null, played: number): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  pen.clearRect(0, 0, WIDTH, HEIGHT);
  const pairs = peaks ? Math.floor(peaks.length / 2) : 0;
  for (let x = 0; x < WIDTH; x += 2) {
    const [low, high] = peaks && pairs > 0 ? rangeOf(peaks, pairs, x) : [-2, 2];
    pen.fillStyle = style.getPropertyValue(x / WIDTH < played ? '--running' : '--off');
    const top = (HEIGHT / 2) * (1 - high / FULL);
    pen.fillRect(x, top, 1, Math.max(1, ((high - low) / FULL) * (HEIGHT / 2)));
  }
}

/** Lowest and highest of the stretch that a column of the picture stands for. */
function rangeOf(peaks: Int8Array, pairs: number, x: number): readonly [number, number] {
  const from = Math.floor((x / WIDTH) * pairs);
  const to = Math.max(from + 1, Math.floor(((x + 2) / WIDTH) * pairs));
  let [low, high] = [0, 0];
  for (let at = from; at < Math.min(to, pairs); at += 1) {
    low = Math.min(low, peaks[at * 2] ?? 0);
    high = Math.max(high, peaks[at * 2 + 1] ?? 0);
  }
  return [low, high];
}
