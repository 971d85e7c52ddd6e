import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { log } from "./log";
import { InvalidEnvironment, readSettings } from "./settings";
import { summarise } from "./summarise";

/** The exit codes, for the retry rules of the job definition. */
const exitCodes = {
  done: 0,
  /** DynamoDB was unavailable, or the job itself has a bug. */
  failed: 1,
  /** Another attempt would fail as well. */
  invalidEnvironment: 2,
  /** Stopped by SIGTERM (128 + 15), as when Spot reclaims the host; another attempt continues. */
  interrupted: 143,
};

/** The AWS Batch job that summarises the items' table; settings.ts describes what it reads from its environment. */
async function main(): Promise<number> {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  const settings = readSettings(process.env);
  // After SIGTERM 30 s are left: six attempts wait less than that between them, which leaves time for a checkpoint.
  const client = new DynamoDBClient({
    maxAttempts: 6,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const database = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  try {
    return (await summarise(settings, database, stop.signal)) ? exitCodes.done : exitCodes.interrupted;
  } finally {
    client.destroy();
  }
}

main()
  .catch((error: Error) => {
    log("ERROR", error.message, { stack: error.stack });
    return error instanceof InvalidEnvironment ? exitCodes.invalidEnvironment : exitCodes.failed;
  })
  .then((code) => {
    process.exitCode = code;
  });
