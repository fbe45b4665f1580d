/** Every bound of the edge node, with its unit in the name. */
export const limits = {
  bodyBytesMax: 64 * 1024,
  tailsBodyBytesMax: 1024 * 1024,
  rosterBodyBytesMax: 1024 * 1024,
  rosterRowsMax: 1_000,
  imageBytesMax: 4 * 1024 * 1024,
  /** An hour of uncompressed sound. */
  musicBytesMax: 1024 * 1024 * 1024,
  commandsWaitingMax: 5_000,
  commandsPerCommitMax: 256,
  commitPatienceTurns: 4,
  /** Twenty full nights: a count, because a wrong clock must not make the node forget. */
  commandAnswerKeptEvents: 200_000,
  clockStepMs: 2_000,
  pairingCodeMs: 5 * 60_000,
  pairingTriesMax: 5,
  onboardingTriesMax: 5,
  onboardingLockMs: 15 * 60_000,
  onboardingPlacesMax: 1_000,
  pinTriesMax: 5,
  pinLockMs: 60_000,
  /** A page that makes the sound says so once a second; so long after the last time it is gone. */
  boothBeatMissedMs: 2_200,
  /** What is committed within this time is looked at together: songs follow on each other in minutes, the floor does not wait. */
  boothLookMs: 200,
  /** Where a song is goes to the disk this often; that another one began, at once. */
  boothSaveMs: 10_000,
  /** Plays that wait to be written down; a night has some three hundred. */
  boothUnloggedMax: 1_000,
  liveHelloMs: 5_000,
  liveFrameBytesMax: 4_096,
  liveSocketQueueBytesMax: 256 * 1024,
  liveMissedEventsMax: 1_000,
  liveSocketsMax: 1_000,
  uplinkBatchEventsMax: 2_000,
  uplinkBatchBytesMax: 512 * 1024,
  /** Lines that are read at once for a batch. */
  uplinkPageEvents: 200,
  /** Little CPU: a backlog is a tenth larger on the wire than at zlib's own level of 6, and costs half. */
  uplinkGzipLevel: 4,
  /** While the floor works a backlog goes up no faster than this; the floor works for so long after a commit. */
  uplinkBesideFloorEventsPerS: 1_000,
  uplinkFloorQuietMs: 1_000,
  uplinkRetryMsMin: 250,
  /** After an outage a node comes back at a chance moment within this time at most, so that not all come at once. */
  uplinkRetryMsMax: 300_000,
  uplinkAnswerBytesMax: 8_388_608,
  /** Joins in a row without a push between them, before the sender pauses: two boxes of one disk would chase each other. */
  uplinkJoinsMax: 4,
  uplinkHashesMax: 32,
  uplinkLinesMax: 2_000,
  uplinkKeysMax: 200,
  /** A heartbeat goes first this often, also while an old backlog drains. */
  uplinkHelloMs: 15_000,
  uplinkRequestMs: 30_000,
  /** A whole exchange, also one that trickles: the largest answer takes so long at 64 kbit/s. */
  uplinkExchangeMs: 120_000,
  uplinkIdleMs: 15_000,
  uplinkHaltedMs: 30_000,
  /** Told `feed_gone` again and again, a box asks ever less often. */
  feedGoneMsMin: 1_000,
  feedGoneMsMax: 600_000,
  feedLaterMs: 5_000,
  /** Between two questions of which the cloud held the first. */
  feedIdleMs: 1_000,
  mirrorSegmentBytesMax: 16 * 1024 * 1024,
  /** Lines of one write to the mirror. Its mark is found within two of them from the end of a file. */
  mirrorWriteBytesMax: 512 * 1024,
  mirrorWriteEventsMax: 1_000,
  /** With more than this on its way a copy is behind. */
  mirrorLagEventsMax: 5_000,
  /** Without an answer to wait for, commits gather this long for one write: each is an fsync that the box's own disk may feel. */
  mirrorGatherMs: 200,
  /** So long an answer waits for the mirror's disk, and no longer. */
  mirrorPatienceMs: 2_000,
  /** An idle mirror is looked at this often, so that one that was pulled out is not taken for whole. */
  mirrorLookMs: 2_000,
  mirrorRetryMsMin: 250,
  mirrorRetryMsMax: 60_000,
  shutdownMs: 5_000,
} as const;
