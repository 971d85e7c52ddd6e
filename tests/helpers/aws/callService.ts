import { execFile, spawnSync } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

/** An operation of a service's API, and its parameters under the API's names. */
export type Call = [operation: string, parameters: Record<string, unknown>];

/** A service's response; tests check single values of it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of a response depends on the operation's model.
export type Answer = Record<string, any>;

const script = path.join(__dirname, "call_service.py");

/**
 * The mistakes that botocore's models find in calls, one per line; `events:PutRule` names another service's operation.
 */
export function requestMistakes(service: string, calls: [operation: string, parameters: object][]): string {
  const { stdout, stderr } = spawnSync("python3", [script], { input: JSON.stringify({ service, calls }) });
  return `${stdout}${stderr}`;
}

/**
 * Calls a service over the wire, one operation after another.
 * @throws Error if botocore refuses the parameters or the service refuses the call
 */
export async function callService(endpoint: string, service: string, calls: Call[]): Promise<Answer[]> {
  const running = promisify(execFile)("python3", [script]);
  running.child.stdin?.end(JSON.stringify({ service, endpoint, calls }));
  return JSON.parse((await running).stdout);
}
