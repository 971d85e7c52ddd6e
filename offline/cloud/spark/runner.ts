import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Processes } from "../core/process/processes";
import type { Launch } from "../core/process/programProcess";
import { withLocalQueues } from "../core/queueUrls";
import type { AwsEvent, CodeContext, Publish } from "../core/types";
import type { Logs } from "../logs/logs";
import { environmentOf, filesOf, readSparkCommand, type SparkCommand, toLocalArguments } from "./command";
import { findLauncher, type Launcher } from "./launcher";
import { type BucketFolders, fileOf, whyMissing } from "./objects";

export interface RunnerOptions extends CodeContext {
  region: string;
  buckets: BucketFolders;
  logs: Logs;
  /** How long a simulated run takes. @default 300 */
  simulatedMilliseconds?: number;
  /** Gets the changes of states. @default nobody */
  publish?: Publish;
}

/** The program of a step or a job run. */
export interface Program {
  /** Its name in the log. */
  label: string;
  /** The log stream that keeps its output. */
  stream: string;
  /** Where in S3 its output goes once it has ended, compressed with gzip. */
  logFile?: string;
  /** Scripts and jars in S3 that it needs. */
  files: string[];
  /** Its kind, if it is not Spark and does not run here, such as "Hive queries". */
  other?: string;
  /** The arguments of spark-submit, if it is Spark. */
  spark?: string[];
  /** Why it fails before it starts. */
  mistake?: Failure;
  /** Spark properties that the arguments may override. */
  defaults: Record<string, string>;
}

export interface Failure {
  reason: string;
  /** The last exception that it printed. */
  exception?: string;
  /** The end of its output. */
  output?: string;
  /** Where in S3 its whole output is. */
  logFile?: string;
}

export type Outcome =
  /** `simulated` says why it did not really run. */
  { status: "succeeded"; simulated?: string } | ({ status: "failed" } & Failure) | { status: "stopped" };

/** A program that runs or is simulated. */
export interface Run {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Asks it to end, and kills it after a while, 30 s by default. */
  stop(killAfterMilliseconds?: number): void;
}

/** Runs Spark applications as processes of this machine, if it has Spark; everything else is simulated. */
export class Runner {
  private readonly processes = new Processes<AbortSignal>();
  private readonly closing = new AbortController();
  private launcher: Promise<Launcher> | undefined;

  constructor(private readonly options: RunnerOptions) {}

  /** Nothing is logged once everything is closing. */
  log(line: string): void {
    if (!this.closing.signal.aborted) this.options.log(line);
  }

  /** Nothing is published once everything is closing. */
  publish(event: Omit<AwsEvent, "region" | "resources">): void {
    const { region, publish } = this.options;
    if (!this.closing.signal.aborted) publish?.({ ...event, region, resources: [] });
  }

  /** Calls `begin` once the program runs. */
  start(program: Program, begin: () => void = () => {}): Run {
    const controller = new AbortController();
    return {
      outcome: this.run(program, controller.signal, begin),
      stop: (killAfterMilliseconds) => {
        controller.abort();
        this.processes.stop(controller.signal, killAfterMilliseconds);
      },
    };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.processes.close();
  }

  private async run(program: Program, signal: AbortSignal, begin: () => void): Promise<Outcome> {
    if (this.closing.signal.aborted) return { status: "stopped" };
    if (program.mistake) return { status: "failed", ...program.mistake };
    try {
      const command = program.spark && readSparkCommand(program.spark);
      const files = [...program.files, ...(command ? filesOf(command) : [])];
      const missing = files.map((uri) => whyMissing(uri, this.options.buckets)).find((reason) => reason !== undefined);
      if (missing !== undefined) return { status: "failed", reason: missing };
      if (!command) return await this.simulate(program, `${program.other} are not run offline`, signal, begin);
      this.launcher ??= findLauncher();
      const launcher = await this.launcher;
      if ("missing" in launcher) return await this.simulate(program, launcher.missing, signal, begin);
      return await this.submit(program, command, launcher.program, signal, begin);
    } catch (error) {
      return { status: "failed", reason: (error as Error).message };
    }
  }

  private async simulate(program: Program, why: string, signal: AbortSignal, begin: () => void): Promise<Outcome> {
    const simulated = `simulated: ${why}`;
    this.print(program, simulated);
    if (signal.aborted) return { status: "stopped" };
    begin();
    const either = AbortSignal.any([signal, this.closing.signal]);
    const ended = sleep(this.options.simulatedMilliseconds ?? 300, true, { signal: either }).catch(() => false);
    return (await ended) ? { status: "succeeded", simulated } : { status: "stopped" };
  }

  private async submit(
    program: Program,
    command: SparkCommand,
    launcher: string,
    signal: AbortSignal,
    begin: () => void,
  ): Promise<Outcome> {
    const end = new Ending();
    const cwd = await fs.mkdtemp(path.join(os.tmpdir(), "pulumi-offline-spark-"));
    try {
      const launch = this.launch(program, command, launcher, cwd);
      const process = await this.processes.start(signal, launch, (line) => {
        end.add(line);
        this.print(program, line);
      });
      if (signal.aborted) this.processes.stop(signal);
      else begin();
      const { code } = await process.exit;
      if (this.closing.signal.aborted) return { status: "stopped" };
      const kept = await this.keep(program);
      if (signal.aborted) return { status: "stopped" };
      if (code === 0) return { status: "succeeded" };
      return { status: "failed", reason: `spark-submit ended with exit code ${code}`, ...end.failure, ...kept };
    } finally {
      await fs.rm(cwd, { recursive: true, force: true });
    }
  }

  private launch({ defaults }: Program, command: SparkCommand, program: string, cwd: string): Launch {
    const { endpoint, credentials, region, buckets } = this.options;
    const inherited = KEPT_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    return {
      program,
      args: toLocalArguments(command, defaults, buckets),
      cwd,
      environment: {
        // A locale that every Linux has: without one, Java does not find files whose names are not ASCII.
        LANG: "C.UTF-8",
        ...Object.fromEntries(inherited),
        // Hides the configuration of the user's own AWS account.
        HOME: cwd,
        // The user's own options for Java, and a folder with which files that a killed Spark leaves behind are removed.
        SPARK_SUBMIT_OPTS: `${process.env.SPARK_SUBMIT_OPTS ?? ""} -Djava.io.tmpdir="${cwd}"`,
        SPARK_LOCAL_IP: "127.0.0.1",
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        ...withLocalQueues(environmentOf(command), endpoint),
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    };
  }

  private async keep({ stream, logFile = "" }: Program): Promise<{ logFile?: string }> {
    const { buckets, logs } = this.options;
    const file = fileOf(logFile, buckets);
    if (file === undefined) return {};
    const text = (logs.findByName(stream)?.events ?? []).map(({ message }) => `${message}\n`).join("");
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, gzipSync(text));
    return { logFile };
  }

  private print({ label, stream }: Program, line: string): void {
    this.options.logs.add(LOG_GROUP, stream, [{ timestamp: Date.now(), message: line }]);
    this.log(`${label} | ${line}`);
  }
}

/** EMR keeps the logs of clusters in S3 alone. This group is ours. */
const LOG_GROUP = "/aws/emr";

/** The variables of this machine that Spark, Java and Python need. */
const KEPT_VARIABLES = ["PATH", "JAVA_HOME", "SPARK_HOME", "PYTHONPATH", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"];

/** A printed exception of Java or Python, with a prefix that may precede it, but not its causes or stack frames. */
const EXCEPTION = /^(?:Exception in thread "[^"]*" |: )?((?:[a-z_]\w*\.)*[a-z_$][\w$]*(?:Error|Exception)(?::.*)?)$/i;

/** The end of a program's output: its last lines, and the last exception. */
class Ending {
  private readonly lines: string[] = [];
  private exception: string | undefined;
  private inTraceback = false;

  add(line: string): void {
    if (line.trim() === "") return;
    this.lines.push(line);
    if (this.lines.length > 10) this.lines.shift();
    if (/^\s/.test(line)) return;
    // A traceback of Python ends with the exception, which may have any name.
    const raised = this.inTraceback ? line : EXCEPTION.exec(line)?.[1];
    if (raised !== undefined) this.exception = raised.slice(0, 2000);
    this.inTraceback = line.startsWith("Traceback (most recent call last)");
  }

  get failure(): Omit<Failure, "reason"> {
    return { exception: this.exception, output: this.lines.join("\n").slice(-2000) };
  }
}
