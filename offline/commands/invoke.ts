import * as fs from "node:fs";
import { text as readText } from "node:stream/consumers";
import type { Command } from "commander";
import { isYamlMap, tryJson } from "../engine/documents";
import { ProgramError } from "../engine/errors";
import { nearest } from "../engine/nearest";
import { text } from "./options";
import { addSessionOptions, findSession, post, type Session, type SessionFlags } from "./sessions";

interface InvokeFlags extends SessionFlags {
  event: string;
}

/** Adds the command `invoke`. */
export function addInvoke(program: Command, signal: AbortSignal): void {
  addSessionOptions(program.command("invoke <function>"))
    .description("call a Lambda function of a program that start serves, and print what it returns")
    .option("--event <event>", "the event: a JSON file, - for standard input, or JSON", text, "{}")
    .action((name: string, flags: InvokeFlags) => invoke(name, flags, signal));
}

async function invoke(name: string, flags: InvokeFlags, signal: AbortSignal): Promise<void> {
  const event = await readEvent(flags.event);
  const session = findSession(flags);
  const physical = functionNamed(name, session);
  const { failed, payload } = await call(session, physical, event, signal);
  if (failed) throw new ProgramError(`${name}: ${describeFailure(payload)}`);
  process.stdout.write(`${payload}\n`);
}

/** @throws ProgramError when it is not JSON */
async function readEvent(given: string): Promise<string> {
  const isFile = given !== "-" && fs.existsSync(given) && fs.statSync(given).isFile();
  const event = given === "-" ? await readText(process.stdin) : isFile ? fs.readFileSync(given, "utf8") : given;
  try {
    JSON.parse(event);
    return event;
  } catch (error) {
    const what = given === "-" ? "standard input" : given;
    const problem = given === "-" || isFile ? "is not JSON" : "is neither a file nor JSON";
    throw new ProgramError(`--event: ${what} ${problem}: ${(error as Error).message}`);
  }
}

/** @throws ProgramError when no function, or more than one, has that name or URN */
function functionNamed(given: string, { functions }: Session): string {
  const found = functions.filter(({ urn, resource, name }) => [urn, resource, name].includes(given));
  const [only, another] = found;
  if (only && !another) return only.name;
  const namesOf = (these: Session["functions"]) => these.map(({ name }) => name).join(", ") || "none";
  if (another) throw new ProgramError(`Several functions are called ${given}. Use the name in AWS: ${namesOf(found)}.`);
  const meant = nearest(
    given,
    functions.flatMap(({ resource, name }) => [resource, name]),
  );
  const hint = meant ? `Did you mean ${meant}?` : `Its functions: ${namesOf(functions)}.`;
  throw new ProgramError(`The program has no function ${given}. ${hint}`);
}

/** Calls Lambda's Invoke and waits as long as the function runs. */
async function call(session: Session, name: string, event: string, signal: AbortSignal) {
  const url = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const { status, headers, text: payload } = await post(session, "lambda", url, event, signal);
  return { payload, failed: status !== 200 || headers["x-amz-function-error"] !== undefined };
}

/** The error of a function, with its stack, or that of Lambda itself, or the text if it is neither. */
function describeFailure(payload: string): string {
  const answer = tryJson(payload);
  const { errorType, errorMessage, trace, message } = isYamlMap(answer) ? answer : {};
  if (errorMessage === undefined) return String(message ?? payload);
  const lines = Array.isArray(trace) && trace.length > 0 ? trace : [`${errorType}: ${errorMessage}`];
  return lines.join("\n");
}
