import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Command } from "commander";
import type { Credentials } from "../cloud/core/types";
import { ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import type { Server } from "../server";
import { type NamedResource, namedResources } from "./named";
import { port, text } from "./options";

/** A running `start`, as other commands find it. */
export interface Session {
  pid: number;
  directory: string;
  stack: string;
  region: string;
  /** The addresses of its APIs. */
  apis: string[];
  /** Its AWS endpoint, and what callers of it sign with. */
  endpoint: string;
  credentials: Credentials;
  /** What other commands name. */
  resources: NamedResource[];
}

/** Which session is meant. */
export interface SessionFlags {
  cwd: string;
  stack?: string;
  port?: number;
}

/** Adds the options of `SessionFlags`. */
export function addSessionOptions(command: Command): Command {
  return command
    .option("--cwd <dir>", "the Pulumi program's folder", text, process.cwd())
    .option("--stack <name>", "the stack, if several are being served", text)
    .option("--port <number>", "the port of the APIs of the start that is meant", port);
}

/**
 * One file for each process, which only the user can read: it holds the keys of the session.
 * @throws Error when the folder cannot be used, or somebody else could read it
 */
function sessionFolder(): string {
  const user = process.getuid?.();
  const folder = path.join(os.tmpdir(), `pulumi-offline-${user ?? "sessions"}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = fs.lstatSync(folder);
  if (user === undefined || (uid === user && (mode & 0o777) === 0o700)) return folder;
  throw new Error(`${folder} must be a folder that only you can use: delete it`);
}

const fileOf = (pid: number) => path.join(sessionFolder(), `${pid}.json`);

/** Lets other commands find what this process serves, until it ends. @throws Error when the session cannot be stored */
export function announceSession(graph: Graph, { apis, endpoint, credentials }: Server): void {
  const { stack, region } = graph;
  const directory = fs.realpathSync(graph.directory);
  const { pid } = process;
  const urls = apis.map(({ url }) => url);
  const session: Session = {
    pid,
    directory,
    stack,
    region,
    apis: urls,
    endpoint,
    credentials,
    resources: namedResources(graph),
  };
  const file = fileOf(pid);
  fs.writeFileSync(`${file}.new`, JSON.stringify(session), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

export function endSession(): void {
  try {
    fs.rmSync(fileOf(process.pid), { force: true });
  } catch {
    // Then there is none.
  }
}

/** The running session that the flags mean. @throws ProgramError when there is none, or there are several */
export function findSession({ cwd, stack, port }: SessionFlags): Session {
  const all = readSessions();
  const here = fs.existsSync(cwd) ? fs.realpathSync(cwd) : path.resolve(cwd);
  const found = all
    .filter(({ directory }) => port !== undefined || isWithin(here, directory))
    .filter((session) => stack === undefined || session.stack === stack)
    .filter(({ apis }) => port === undefined || apis.some((url) => new URL(url).port === String(port)));
  const [only, another] = found;
  if (only && !another) return only;
  const list = (sessions: Session[]) =>
    sessions
      .map(({ directory, stack, apis }) => `\n  ${directory}, stack ${stack}  ${apis[0] ?? ""}`.trimEnd())
      .join("");
  if (another) throw new ProgramError(`Several are running. ${howToChoose(found)}:${list(found)}`);
  const others = all.length > 0 ? `\nThese are running; choose one with --cwd or --port:${list(all)}` : "";
  const [where, how] = port === undefined ? [`in ${here}`, ""] : [`on port ${port}`, ` --port ${port}`];
  throw new ProgramError(`Nothing is served ${where}: run pulumi-offline start${how} in another terminal.${others}`);
}

/** Names the options of which each session has a value that no other has. */
function howToChoose(sessions: Session[]): string {
  const values: Record<string, (string | undefined)[]> = {
    "--stack": sessions.map(({ stack }) => stack),
    "--port": sessions.map(portOf),
  };
  const options = Object.keys(values).filter((option) => {
    const given = new Set(values[option]);
    return given.size === sessions.length && !given.has(undefined);
  });
  return options.length > 0 ? `Choose one with ${options.join(" or ")}` : "No option tells them apart; end all but one";
}

const portOf = ({ apis: [url] }: Session) => (url === undefined ? undefined : new URL(url).port);

/** Without those of processes that were killed, and those that end while they are read. */
function readSessions(): Session[] {
  const folder = sessionFolder();
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = path.join(folder, name);
      if (isRunning(Number.parseInt(name, 10))) return readSession(file);
      fs.rmSync(file, { force: true });
      return [];
    });
}

function readSession(file: string): Session[] {
  try {
    return [JSON.parse(fs.readFileSync(file, "utf8")) as Session];
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isGone || error instanceof SyntaxError) return [];
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isWithin(folder: string, ancestor: string): boolean {
  const relative = path.relative(ancestor, folder);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
