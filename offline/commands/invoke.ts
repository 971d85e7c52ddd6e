import type { Command } from "commander";
import { isYamlMap, tryJson } from "../engine/documents";
import { ProgramError } from "../engine/errors";
import { callService } from "./callService";
import { isFile, readData } from "./data";
import { findNamed } from "./named";
import { text } from "./options";
import { addSessionOptions, findSession, type SessionFlags } from "./sessions";

interface InvokeFlags extends SessionFlags {
  event: string;
}

/** Adds the command `invoke`. */
export function addInvoke(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("invoke <function>")
      .description("call a Lambda function of a program that start serves, and print what it returns")
      .option("--event <event>", "the event: a JSON file, - for standard input, or JSON", text, "{}"),
  ).action((name: string, flags: InvokeFlags) => invoke(name, flags, signal));
}

async function invoke(name: string, flags: InvokeFlags, signal: AbortSignal): Promise<void> {
  const event = await readEvent(flags.event);
  const session = findSession(flags);
  const url = `/2015-03-31/functions/${encodeURIComponent(findNamed("function", name, session).name)}/invocations`;
  const request = { service: "lambda", url, body: event };
  const { status, headers, body: payload } = await callService(session, request, signal);
  if (status !== 200 || headers["x-amz-function-error"] !== undefined)
    throw new ProgramError(`${name}: ${describeFailure(payload)}`);
  process.stdout.write(`${payload}\n`);
}

/** @throws ProgramError when it is not JSON */
async function readEvent(given: string): Promise<string> {
  const event = (await readData(given)).toString();
  try {
    JSON.parse(event);
    return event;
  } catch (error) {
    const what = given === "-" ? "standard input" : given;
    const problem = given === "-" || isFile(given) ? "is not JSON" : "is neither a file nor JSON";
    throw new ProgramError(`--event: ${what} ${problem}: ${(error as Error).message}`);
  }
}

/** The error of a function, with its stack, or that of Lambda itself, or the text if it is neither. */
function describeFailure(payload: string): string {
  const answer = tryJson(payload);
  const { errorType, errorMessage, trace, message } = isYamlMap(answer) ? answer : {};
  if (errorMessage === undefined) return String(message ?? payload);
  const lines = Array.isArray(trace) && trace.length > 0 ? trace : [`${errorType}: ${errorMessage}`];
  return lines.join("\n");
}
