/** What `--data DIR` consists of, by name in that folder. Credentials are written first and mark it as such a folder. */
export const dataFiles = {
  tables: "dynamodb",
  buckets: "s3",
  queues: "sqs.jsonl",
  streams: "kinesis",
  invocations: "invocations.json",
  positions: "positions.json",
  usage: "usage.json",
  issuer: "issuer.json",
  credentials: "credentials.json",
} as const;
