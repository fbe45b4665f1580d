/** Every bound of the control plane, its unit in the name. */
export const limits = {
  /** A push after decompression, without its header line. */
  pushBytesMax: 1_048_576,
  pushHeaderBytesMax: 4_096,
  pushEventsMax: 2_000,
  /** Lines of one answer, and their bytes together. */
  linesMax: 2_000,
  linesBytesMax: 1_048_576,
  salvageTailsMax: 16,
  keysMax: 500,
  keysBytesMax: 524_288,
  alertsMax: 200,
  /** Each with its line, which may be 64 KB. */
  quarantinePageMax: 50,
  /** For each request that waits for the database a node is asked to pause this long, up to so many times. */
  pushIntervalMsMin: 250,
  pushIntervalsMax: 40,
  /** Requests waiting for a database connection before nodes are told to come back later. */
  poolWaitersMax: 128,
  slowRetryMs: 2_000,
  slowSpreadMs: 8_000,
  edgeJsonBytesMax: 16_384,
  apiJsonBytesMax: 65_536,

  epochLookMs: 1_000,
  nonceBucketMs: 60_000,
  nonceLifeMsMin: 600_000,

  enrolmentCodeLifeMs: 24 * 3_600_000,
  /** Whoever has such a code can take a club's box away. */
  replaceCodeLifeMs: 15 * 60_000,
  enrolmentCodeTriesMax: 5,

  nameCharsMax: 120,
  nightsMax: 400,
  nightsDefault: 60,

  /** Between two looks of a poll that waits, as other replicas ring no bell here. */
  feedLookMs: 1_000,
  feedWaitersMax: 20_000,
  feedLookEventsMax: 2_000,
  /** Pages of a snapshot that was made are asked for within this time. */
  snapshotKeptMs: 600_000,
  snapshotAnswersMax: 2_000,
  snapshotNotesMax: 10_000,
  sharedListMax: 500,
  commandLifeMsMax: 30 * 86_400_000,

  projectEventsMax: 500,
  projectEveryMs: 1_000,

  poolConnectionsDefault: 10,
  poolConnectMsMax: 10_000,
  statementMsMax: 30_000,

  postgresStartMsMax: 60_000,
  postgresStopMsMax: 30_000,
  postgresPollMs: 20,
  postgresStartTriesMax: 3,
} as const;
