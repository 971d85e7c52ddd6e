import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import { callJson } from "./callService";
import { findNamed } from "./named";
import { text } from "./options";
import { addSessionOptions, findSession, type Session, type SessionFlags } from "./sessions";

interface LogsFlags extends SessionFlags {
  follow?: boolean;
  filter?: string;
}

interface Page {
  events: { eventId: string; timestamp: number; message: string }[];
  nextToken?: string;
}

const POLL_MILLISECONDS = 300;

/** Adds the command `logs`. */
export function addLogs(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("logs <name>")
      .description("print the log of a function, or of a log group, of a program that start serves")
      .option("--follow", "go on with what is written from now on, until Ctrl-C")
      .option("--filter <pattern>", "only the events that match this filter pattern of CloudWatch Logs", text),
  ).action((name: string, flags: LogsFlags) => printLogs(name, flags, signal));
}

async function printLogs(name: string, flags: LogsFlags, signal: AbortSignal): Promise<void> {
  const session = findSession(flags);
  const logGroupName = groupNamed(name, session);
  let last = "";
  for (;;) {
    const query = { logGroupName, filterPattern: flags.filter };
    const events = await readEvents(session, query, last, signal).catch((error) => explain(error, name, session));
    for (const { timestamp, message } of events) {
      process.stdout.write(`${new Date(timestamp).toISOString()} ${message}\n`);
    }
    last = events.at(-1)?.eventId ?? last;
    if (!flags.follow || signal.aborted) return;
    await setTimeout(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

/** The name of a log group, which need not be the program's, or of a function's, which comes first. */
function groupNamed(name: string, session: Session): string {
  const groups = session.resources.filter(({ kind }) => kind === "log group");
  const isFunction = session.resources.some((one) => one.kind === "function" && one.resource === name);
  const isGroup = groups.some((one) => [one.name, one.urn].includes(name) || (one.resource === name && !isFunction));
  if (isGroup) return findNamed("log group", name, session).name;
  return name.startsWith("/") ? name : (findNamed("function", name, session).logGroup ?? name);
}

/** @throws ProgramError with the nearest names, if a group that does not exist is why the log cannot be read */
function explain(error: unknown, name: string, session: Session): never {
  if (error instanceof ProgramError && /log group does not exist/.test(error.message)) {
    findNamed("log group", name, session);
  }
  throw error;
}

/** The events after the one with an id. */
async function readEvents(session: Session, query: object, after: string, signal: AbortSignal) {
  const found: Page["events"] = [];
  let nextToken: string | undefined;
  do {
    const input = { ...query, nextToken };
    const page = await callJson<Page>(session, "logs", "Logs_20140328.FilterLogEvents", input, signal);
    found.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found.filter(({ eventId }) => eventId > after).sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
}
