import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { describeError, type Outcome } from "./outcome";

/** What the function that drains an instance gets. */
export interface DrainRequest {
  instanceId: string;
}

/** What it answers. */
export interface DrainAnswer {
  /** Whether the instance may be stopped now. */
  ready: boolean;
  /** Why not. */
  reason?: string;
}

/** How many instances are drained at a time. */
const chunkSize = 10;

/** Has each instance drained. Returns the outcomes of those that must not be stopped now. */
export async function drain(client: LambdaClient, functionName: string, ids: string[]): Promise<Outcome[]> {
  const outcomes: (Outcome | undefined)[] = [];
  for (let start = 0; start < ids.length; start += chunkSize) {
    const chunk = ids.slice(start, start + chunkSize);
    outcomes.push(...(await Promise.all(chunk.map((id) => drainOne(client, functionName, id)))));
  }
  return outcomes.filter((one) => one !== undefined);
}

async function drainOne(client: LambdaClient, functionName: string, id: string): Promise<Outcome | undefined> {
  const request: DrainRequest = { instanceId: id };
  const failed = (reason: string): Outcome => ({ id, outcome: "failed", reason: `was not drained: ${reason}` });
  try {
    const call = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) });
    const { FunctionError, Payload } = await client.send(call);
    const text = Payload?.transformToString() ?? "";
    if (FunctionError !== undefined) return failed(text);
    const answer = JSON.parse(text || "null") as Partial<DrainAnswer> | null;
    if (answer?.ready === true) return undefined;
    if (answer?.ready === false) return { id, outcome: "skipped", reason: answer.reason ?? "is not drained yet" };
    return failed(`${functionName} returned ${text}; it must return { "ready": true } or { "ready": false }`);
  } catch (error) {
    return failed(describeError(error));
  }
}
