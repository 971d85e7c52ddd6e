import { execFile, spawnSync } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

/** An operation of a service's API, and its parameters as the API names them. */
export type Call = [operation: string, parameters: Record<string, unknown>];

/** What a service answers; tests look at single values. */
// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the operation's model says.
export type Answer = Record<string, any>;

const script = path.join(__dirname, "call_service.py");

/** What botocore's models find wrong with calls, a line each; one of another service is `events:PutRule`. */
export function requestMistakes(service: string, calls: [operation: string, parameters: object][]): string {
  const { stdout, stderr } = spawnSync("python3", [script], { input: JSON.stringify({ service, calls }) });
  return `${stdout}${stderr}`;
}

/**
 * Calls a service over the wire, one operation after another.
 * @throws what botocore finds wrong with the parameters, or what the service answers to a wrong call
 */
export async function callService(endpoint: string, service: string, calls: Call[]): Promise<Answer[]> {
  const running = promisify(execFile)("python3", [script]);
  running.child.stdin?.end(JSON.stringify({ service, endpoint, calls }));
  return JSON.parse((await running).stdout);
}
