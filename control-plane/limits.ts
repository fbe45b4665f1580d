/** Every bound of the control plane, its unit in the name. */
export const limits = {
  /** A push after decompression, without its header line. */
  pushBytesMax: 1_048_576,
  pushHeaderBytesMax: 4_096,
  pushEventsMax: 2_000,
  /** The least time between two pushes that we ask a node for. */
  pushIntervalMsMin: 250,
  /** Requests waiting for a database connection before nodes are told to come back later. */
  poolWaitersMax: 128,
  slowRetryMs: 2_000,
  edgeJsonBytesMax: 16_384,
  apiJsonBytesMax: 65_536,

  nonceBucketMs: 60_000,
  nonceLifeMsMin: 600_000,

  enrolmentCodeLifeMs: 24 * 3_600_000,
  enrolmentCodeTriesMax: 5,

  nameCharsMax: 120,
  nightsMax: 400,
  nightsDefault: 60,

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
