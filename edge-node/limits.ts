/** Every bound of the edge node, with its unit in the name. */
export const limits = {
  bodyBytesMax: 64 * 1024,
  tailsBodyBytesMax: 1024 * 1024,
  commandsWaitingMax: 5_000,
  commandsPerCommitMax: 256,
  commitPatienceTurns: 4,
  /** Twenty full nights: a count, because a wrong clock must not make the node forget. */
  commandAnswerKeptEvents: 200_000,
  clockStepMs: 2_000,
  pairingCodeMs: 5 * 60_000,
  pairingTriesMax: 5,
  pinTriesMax: 5,
  pinLockMs: 60_000,
  liveHelloMs: 5_000,
  liveFrameBytesMax: 4_096,
  liveSocketQueueBytesMax: 256 * 1024,
  liveMissedEventsMax: 1_000,
  liveSocketsMax: 1_000,
  uplinkBatchEventsMax: 2_000,
  uplinkBatchBytesMax: 512 * 1024,
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
  mirrorReadEventsMax: 500,
  /** What may wait in memory for the mirror's disk; more is read from the database when its turn comes. */
  mirrorWaitingBytesMax: 4 * 1024 * 1024,
  /** Without an answer to wait for, commits gather this long for one write. */
  mirrorGatherMs: 25,
  /** So long an answer waits for the mirror's disk, and no longer. */
  mirrorPatienceMs: 2_000,
  /** An idle mirror is looked at this often, so that one that was pulled out is not taken for whole. */
  mirrorLookMs: 2_000,
  mirrorRetryMsMin: 250,
  mirrorRetryMsMax: 60_000,
  shutdownMs: 5_000,
} as const;
