import * as path from "node:path";

/** How an image runs, according to its Dockerfile. */
export interface Dockerfile {
  entrypoint?: string[];
  command?: string[];
  workdir: string;
  environment: Record<string, string>;
}

interface Stage extends Dockerfile {
  /** The values of `$NAME`: arguments that have one, and the environment. */
  variables: Record<string, string>;
}

/**
 * Reads ENTRYPOINT, CMD (exec and shell form), WORKDIR, ENV and ARG, through stages that build on one another. Ignores
 * the configuration of images from registries, and COPY, ADD, RUN, USER, SHELL, ONBUILD and `escape`.
 * @throws Error if there is no stage, or the target stage is missing
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function readDockerfile(text: string, target?: string, buildArgs: Record<string, string> = {}): Dockerfile {
  const stages = new Map<string, Stage>();
  const globals: Record<string, string> = {};
  let count = 0;
  let last: Stage | undefined;
  for (const { name, rest } of instructions(text)) {
    if (name === "FROM") {
      const [base = "", , alias] = rest.replace(/--\S+\s+/g, "").split(/\s+/);
      last = newStage(stages.get(base.toLowerCase()), globals);
      for (const key of [String(count++), alias]) if (key) stages.set(key.toLowerCase(), last);
    } else if (name === "ARG") declare(last?.variables ?? globals, rest, buildArgs);
    else if (last) apply(last, name, rest);
  }
  const stage = target === undefined ? last : stages.get(target.toLowerCase());
  if (!stage) throw new Error(target === undefined ? "it has no FROM" : `it has no stage ${target}`);
  return stage;
}

function newStage(base: Stage | undefined, globals: Record<string, string>): Stage {
  if (!base) return { workdir: "/", environment: {}, variables: { ...globals } };
  return { ...base, environment: { ...base.environment }, variables: { ...base.variables } };
}

function apply(stage: Stage, name: string, rest: string): void {
  if (name === "CMD") stage.command = readCommand(rest);
  else if (name === "ENTRYPOINT") {
    stage.entrypoint = readCommand(rest);
    // As in Docker, a new entry point drops the command that a stage below set for its own.
    delete stage.command;
  } else if (name === "WORKDIR") stage.workdir = path.posix.resolve(stage.workdir, expand(rest, stage.variables));
  else if (name === "ENV") {
    const values = readEnv(rest, stage.variables);
    Object.assign(stage.environment, values);
    Object.assign(stage.variables, values);
  }
}

/** Instructions without comments, each on one line. */
function instructions(text: string): { name: string; rest: string }[] {
  const found: { name: string; rest: string }[] = [];
  let pending = "";
  let heredoc: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (heredoc !== undefined) {
      if (line.trim() === heredoc) heredoc = undefined;
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    const continued = /\\\s*$/.test(line);
    pending += continued ? line.replace(/\\\s*$/, "") : line;
    if (continued) continue;
    const [, name, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(pending) ?? [];
    if (name && rest !== undefined) found.push({ name: name.toUpperCase(), rest });
    if (/^(RUN|COPY|ADD)$/i.test(name ?? "")) heredoc = /<<-?["']?(\w+)/.exec(pending)?.[1];
    pending = "";
  }
  return found;
}

function readCommand(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((part) => typeof part === "string")) return list;
  } catch {
    // Not a list: the shell form.
  }
  return ["/bin/sh", "-c", text];
}

function declare(variables: Record<string, string>, rest: string, given: Record<string, string>): void {
  if (rest.includes("=")) Object.assign(variables, readEnv(rest, variables));
  for (const [name] of rest.matchAll(/(?<!\S)[A-Za-z_]\w*/g)) {
    const value = given[name];
    if (value !== undefined) variables[name] = value;
  }
}

const PAIR = /([A-Za-z_]\w*)=((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])*)/g;

/** `NAME=value …`, or the older `NAME value`. */
function readEnv(text: string, variables: Record<string, string>): Record<string, string> {
  if (!/^\s*[A-Za-z_]\w*=/.test(text)) {
    const [, name = "", value = ""] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
    return { [name]: expand(value, variables) };
  }
  const pairs = [...text.matchAll(PAIR)].map(([, name = "", value = ""]) => [name, unquote(value, variables)]);
  return Object.fromEntries(pairs);
}

function unquote(text: string, variables: Record<string, string>): string {
  return text.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|((?:\\.|[^"'\\])+)/g, (_, literal, quoted, plain) =>
    literal === undefined ? expand(quoted ?? plain ?? "", variables) : literal,
  );
}

/** Replaces `$NAME`, `${NAME}` and `${NAME:-default}`, and removes backslashes. */
function expand(text: string, variables: Record<string, string>): string {
  return text.replace(/\\(.)|\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (_, escaped, braced, otherwise, plain) => {
    if (escaped !== undefined) return escaped;
    return variables[braced ?? plain] || otherwise || "";
  });
}
