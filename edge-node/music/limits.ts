/** Every bound of the ingest, with its unit in the name. */
export const musicLimits = {
  fileBytesMax: 4 * 1024 * 1024 * 1024,
  trackSecondsMax: 2 * 60 * 60,
  /** One block of BS.1770: anything shorter has no loudness. */
  trackSecondsMin: 0.4,
  shortSecondsMax: 1,
  /** Below this the sound of a lossy file is heard as bad on a club's system. */
  lossyBitsPerSecondMin: 60_000,
  sampleRateMin: 44_100,
  channelsMax: 32,
  tagCharsMax: 300,
  tagsMs: 10_000,
  /** Of one process, which reads the tags of many files. */
  tagsCpuSeconds: 120,
  tagsHeapMegabytes: 256,
  tagsOutputBytesMax: 256 * 1024,
  probeMs: 20_000,
  probeOutputBytesMax: 256 * 1024,
  /** Of a decode or an encode, besides a fifth of the track's own length. */
  toolMs: 60_000,
  toolCpuSeconds: 600,
  toolMemoryBytes: 1024 * 1024 * 1024,
  toolComplaintBytesMax: 64 * 1024,
  /** Two hours of FLAC that does not shrink. */
  renditionBytesMax: 1536 * 1024 * 1024,
  /** PCM of a track up to some eight minutes stays in memory, so that it is decoded once; a longer one is decoded again. */
  pcmKeptBytesMax: 192 * 1024 * 1024,
  /** What a disk keeps free whatever comes: the log needs it. */
  diskKeptFreeBytes: 256 * 1024 * 1024,
} as const;
