import { useEffect, useRef, useState } from 'react';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { useWords } from '../i18n/words.ts';
import { useFloor } from '../use-floor.ts';
import { fetchSound } from './deck.ts';
import { cuesOf } from './fade.ts';

/** Hearing a track on another output than the club's, where the device has one and the browser may choose it. */
export type PreListen = {
  readonly outputs: readonly MediaDeviceInfo[];
  readonly output: string | null;
  readonly choose: (output: string) => void;
  /** What is heard there. */
  readonly track: string | null;
  readonly listen: (track: TrackRow | null) => void;
};

export function usePreListen(): PreListen {
  const { session } = useFloor();
  const outputs = useOutputs();
  const [chosen, setChosen] = useState<string | null>(null);
  const [track, setTrack] = useState<string | null>(null);
  const player = useRef<{ readonly audio: HTMLAudioElement; readonly asked: AbortController } | null>(null);
  // The default output is the club's own.
  const output = chosen ?? outputs[0]?.deviceId ?? null;
  const stop = () => {
    player.current?.asked.abort();
    player.current?.audio.pause();
    player.current = null;
    setTrack(null);
  };
  useEffect(
    () => () => {
      player.current?.asked.abort();
      player.current?.audio.pause();
    },
    [],
  );
  const listen = (row: TrackRow | null) => {
    stop();
    if (!row || output === null) return;
    const asked = new AbortController();
    const audio = new Audio();
    player.current = { audio, asked };
    setTrack(row.track);
    void hear({ audio, row, output }, () => fetchSound(session.token)(row.track, asked.signal)).then((isHeard) => {
      if (!isHeard && player.current?.audio === audio) stop();
    });
  };
  return { outputs, output, choose: setChosen, track, listen };
}

async function hear(
  { audio, row, output }: { readonly audio: HTMLAudioElement; readonly row: TrackRow; readonly output: string },
  load: () => ReturnType<ReturnType<typeof fetchSound>>,
): Promise<boolean> {
  const sound = await load();
  if (!sound.ok) return false;
  audio.src = sound.url;
  audio.currentTime = cuesOf(row).inS;
  try {
    await audio.setSinkId(output);
    await audio.play();
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** Every output but the default one; none where a page may not choose (plain HTTP, Safari). */
function useOutputs(): readonly MediaDeviceInfo[] {
  const [outputs, setOutputs] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Missing where the node is reached by plain HTTP.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices || !('setSinkId' in HTMLMediaElement.prototype)) return undefined;
    const look = () =>
      void devices.enumerateDevices().then((all) => {
        const found = all.filter(
          ({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '' && deviceId !== 'default',
        );
        setOutputs(found.length > 1 ? found : []);
      });
    look();
    devices.addEventListener('devicechange', look);
    return () => devices.removeEventListener('devicechange', look);
  }, []);
  return outputs;
}

export function OutputChoice({ pre }: { readonly pre: PreListen }) {
  const words = useWords();
  if (pre.outputs.length === 0) return null;
  return (
    <label className="field">
      <span>{words.booth.output}</span>
      <select value={pre.output ?? ''} onChange={({ target }) => pre.choose(target.value)}>
        {pre.outputs.map(({ deviceId, label }, at) => (
          <option key={deviceId} value={deviceId}>
            {label || words.booth.outputNr(at + 1)}
          </option>
        ))}
      </select>
    </label>
  );
}
