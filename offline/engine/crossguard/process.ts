import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import * as path from "node:path";
import * as readline from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { ProgramError } from "../errors";
import { tidyMessage } from "../program/failure";
import { killGroup, type Launch, launchRunner, resolveRunner } from "../program/launch";
import type { PackProject } from "./project";

/** How long a pack may take to start, in seconds: the SDK's ts-node checks its types. */
const startLimit = { fast: 30, sdk: 120 };

/** How long a pack may take to end, in milliseconds. */
const endLimit = 1000;

/** How many of a failed pack's last lines are shown: they say why. */
const shownLines = 30;

/**
 * A policy pack, run as the Pulumi CLI runs it: a process that prints the port of its gRPC service. The rest of its output
 * becomes "line" events, once the port is known.
 */
export class PackProcess extends EventEmitter<{ line: [string] }> {
  /** Rejects with a ProgramError that says why there is no port, and shows the pack's output. */
  readonly port: Promise<number>;
  /** How the process ended. */
  readonly exit: Promise<string>;
  private readonly child: ChildProcess;
  /** The output from before the port was known. */
  private early: string[] | undefined = [];
  private readonly killAtExit = () => this.kill();

  /** @throws ProgramError when the SDK is not installed for the pack */
  constructor(
    private readonly pack: PackProject,
    run: Launch,
    limitSeconds: number = startLimit[run.mode],
  ) {
    super();
    this.child = launchRunner({
      mode: run.mode,
      runner: resolveRunner("run-policy-pack", "policy pack", pack.directory),
      directory: pack.directory,
      runnerArguments: [run.address, pack.entryPoint],
      environment: environmentOf(pack, run),
      tsconfig: pack.tsconfig ?? path.join(pack.directory, "tsconfig.json"),
    });
    process.once("exit", this.killAtExit);
    this.exit = new Promise((resolve) => {
      this.child.once("error", (error) => resolve(error.message));
      this.child.once("close", (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    this.child.once("exit", () => process.removeListener("exit", this.killAtExit));
    this.port = this.readPort(limitSeconds);
  }

  kill(): void {
    process.removeListener("exit", this.killAtExit);
    killGroup(this.child);
  }

  /** Lets the process keep the code that it loaded for the next one, if it is not busy, and ends it. */
  async end(): Promise<void> {
    this.child.kill("SIGTERM");
    await Promise.race([this.exit, delay(endLimit, undefined, { ref: false })]);
    this.kill();
  }

  private readPort(limitSeconds: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        reject(new ProgramError(this.explain(why)));
        this.kill();
      };
      const timer = setTimeout(
        () => fail(`it did not report its port within ${limitSeconds} seconds`),
        limitSeconds * 1000,
      );
      this.follow(this.child.stdout, (line) => {
        clearTimeout(timer);
        if (!/^\d{1,5}$/.test(line)) {
          this.print(line);
          fail("its first line on standard output is not its port: print nothing there before new PolicyPack()");
          return;
        }
        for (const earlier of this.early ?? []) this.emit("line", earlier);
        this.early = undefined;
        resolve(Number(line));
      });
      this.follow(this.child.stderr);
      this.exit.then((how) => fail(`it ended with ${how} before new PolicyPack() reported its port`));
    });
  }

  private follow(stream: NodeJS.ReadableStream | null, onFirst = (line: string) => this.print(line)): void {
    if (!stream) return;
    const lines = readline.createInterface({ input: stream });
    lines.once("line", (first) => {
      onFirst(first);
      lines.on("line", (line) => this.print(line));
    });
  }

  private print(text: string): void {
    const line = stripVTControlCharacters(text);
    if (this.early) this.early.push(line);
    else this.emit("line", line);
  }

  private explain(why: string): string {
    const lines = (this.early ?? []).slice(-shownLines);
    // Without an engine to log to, the runner prints with this prefix.
    const printed = lines.map((line) => line.replace(/^error: \[runtime\] /, "")).join("\n");
    const { message } = tidyMessage({ severity: "error", message: printed }, this.pack);
    const isMissing = /Cannot find (module|package) '[^./]/.test(printed);
    const hint = isMissing ? `\nRun npm install in ${this.pack.directory}.` : "";
    return `The policy pack in ${this.pack.directory} did not start: ${why}.${message && `\n${message}`}${hint}`;
  }
}

function environmentOf(pack: PackProject, { project, config, organization, dryRun }: Launch): NodeJS.ProcessEnv {
  return {
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_NODEJS_ORGANIZATION: organization,
    PULUMI_NODEJS_PROJECT: project.name,
    PULUMI_NODEJS_STACK: config.stack,
    PULUMI_NODEJS_DRY_RUN: String(dryRun),
    ...(pack.tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: pack.tsconfig, TSX_TSCONFIG_PATH: pack.tsconfig }),
  };
}
