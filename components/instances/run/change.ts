import { type EC2Client, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { type Action, describeError, type Outcome } from "./outcome";

/** How many instances one request names. */
const chunkSize = 50;

/** Errors of a whole request, whichever instances it names. */
const general = new Set([
  "RequestLimitExceeded",
  "UnauthorizedOperation",
  "AuthFailure",
  "InternalError",
  "Unavailable",
]);

/** Errors of an instance that somebody else has changed meanwhile. */
const overtaken = new Set(["IncorrectInstanceState", "InvalidInstanceID.NotFound"]);

/**
 * Starts or stops instances. Never rejects: what EC2 refuses is the outcome of the instances that it concerns.
 * @param dryRun only asks EC2 whether it would
 */
export async function change(client: EC2Client, action: Action, ids: string[], dryRun: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < ids.length; start += chunkSize) {
    outcomes.push(...(await changeTogether(client, action, ids.slice(start, start + chunkSize), dryRun)));
  }
  return outcomes;
}

/** EC2 changes all instances of a request or none, so one that it refuses is looked for by halves. */
async function changeTogether(client: EC2Client, action: Action, ids: string[], dryRun: boolean): Promise<Outcome[]> {
  const input = { InstanceIds: ids, DryRun: dryRun };
  try {
    if (action === "start") await client.send(new StartInstancesCommand(input));
    else await client.send(new StopInstancesCommand(input));
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if (name !== "DryRunOperation") {
      const isAnswered = $metadata?.httpStatusCode !== undefined;
      if (ids.length > 1 && isAnswered && !general.has(name)) {
        const middle = Math.ceil(ids.length / 2);
        return [
          ...(await changeTogether(client, action, ids.slice(0, middle), dryRun)),
          ...(await changeTogether(client, action, ids.slice(middle), dryRun)),
        ];
      }
      const outcome = overtaken.has(name) ? "skipped" : "failed";
      return ids.map((id) => ({ id, outcome, reason: describeError(error) }));
    }
  }
  return ids.map((id) => ({ id, outcome: "changed" }));
}
