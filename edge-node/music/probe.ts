import { musicLimits } from './limits.ts';
import { run } from './run.ts';
import type { Format } from './sniff.ts';
import { wrapping, type Tools } from './tools.ts';
import { Stopped } from './verdict.ts';

export type Probed = {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** In seconds, as the container has it; null where it is not known before a decode. An estimate for some MP3. */
  readonly seconds: number | null;
};

type Stream = {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly duration?: string;
  readonly avg_frame_rate?: string;
  readonly disposition?: { readonly attached_pic?: number };
};
type Answer = { readonly streams?: readonly Stream[]; readonly format?: { readonly duration?: string } };
type Source = {
  readonly file: string;
  readonly format: Format;
  readonly tools: Tools;
  readonly signal: AbortSignal | null;
};

const CODECS = /^(mp[123](float)?|aac|alac|flac|vorbis|opus|speex|pcm_\w+|adpcm_(ms|ima_wav|ima_qt)|gsm_ms|gsm)$/;
const STILL = /^(mjpeg|png|gif|bmp|webp|tiff)$/;

/**
 * What every ffmpeg and ffprobe of ours is told before its input. The demuxer is forced, because a whitelist of protocols
 * alone lets a playlist open its neighbours; and `file:` with a whole path keeps a name from being taken for a protocol.
 */
export function input(file: string, format: Format): readonly string[] {
  return ['-protocol_whitelist', 'file,pipe', '-f', format.demuxer, '-max_pixels', '25000000', '-i', `file:${file}`];
}

/** Refuses what has no sound, what is a video, and codecs that are not taken. */
export async function probe({ file, format, tools, signal }: Source): Promise<Probed> {
  const entries =
    'stream=codec_type,codec_name,sample_rate,channels,duration,avg_frame_rate:stream_disposition=attached_pic:format=duration';
  const { code, output, killed } = await run({
    program: tools.ffprobe,
    args: ['-hide_banner', '-v', 'error', '-of', 'json', '-show_entries', entries, ...input(file, format)],
    wrap: wrapping(tools, 0),
    wallMs: musicLimits.probeMs,
    outputBytesMax: musicLimits.probeOutputBytesMax,
    signal,
  });
  if (killed === 'stopped') throw new Stopped('STOPPED');
  if (killed !== null) throw new Stopped('BAD_HEADER');
  const { streams = [], format: container } = code === 0 ? (JSON.parse(output.toString('utf8')) as Answer) : {};
  if (code !== 0 || streams.length === 0) throw new Stopped('BAD_HEADER');
  if (streams.some(isVideo)) throw new Stopped('HAS_VIDEO');
  const sound = streams.find((stream) => stream.codec_type === 'audio');
  if (sound === undefined) throw new Stopped('NO_AUDIO');
  // A head may lie about the length of the whole; the stream's is summed up from its pieces.
  const known = [container?.duration, sound.duration].flatMap((said) => seconds(said) ?? []);
  return { ...read(sound), seconds: known.length === 0 ? null : Math.min(...known) };
}

function isVideo(stream: Stream): boolean {
  if (stream.codec_type !== 'video' || stream.disposition?.attached_pic === 1) return false;
  // Chapters have pictures that stand for minutes; what moves is a video, however its pictures are coded.
  const [pictures = 0, inSeconds = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number);
  return !STILL.test(stream.codec_name ?? '') || (inSeconds > 0 && pictures / inSeconds > 1);
}

function read(sound: Stream): Omit<Probed, 'seconds'> {
  const sampleRate = Number(sound.sample_rate ?? 0);
  const channels = sound.channels ?? 0;
  const codec = sound.codec_name ?? '';
  if (!CODECS.test(codec)) throw new Stopped('UNSUPPORTED_CODEC');
  if (!(sampleRate > 0) || channels === 0 || channels > musicLimits.channelsMax) throw new Stopped('BAD_HEADER');
  // Of more than eight there is no saying which is to be heard where, but for two layouts that ffmpeg knows.
  if (channels > 8 && channels !== 16 && channels !== 24) throw new Stopped('UNSUPPORTED_CODEC');
  return { codec, sampleRate, channels };
}

function seconds(duration: string | undefined): number | null {
  const known = Number(duration ?? Number.NaN);
  return Number.isFinite(known) && known > 0 ? known : null;
}
