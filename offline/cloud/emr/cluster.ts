import type { Failure, Run, Runner } from "../spark/runner";
import { stepEvent } from "./events";
import type { ClusterDefinition } from "./model";
import { programOf, Step, type StepConfig } from "./step";

/** Clusters are up as soon as the program has them, so they are never STARTING or BOOTSTRAPPING. */
export type ClusterState = "RUNNING" | "WAITING" | "TERMINATING" | "TERMINATED" | "TERMINATED_WITH_ERRORS";

/** How many ended steps are kept, as many as EMR lists. */
const REMEMBERED_STEPS = 1000;

/** A cluster with its steps, which run up to `stepConcurrency` at a time. */
export class Cluster {
  readonly createdAt = Date.now();
  /** In the order in which they were added. */
  readonly steps: Step[] = [];
  private readonly running = new Map<Step, Run>();
  private planned = false;
  endedAt: number | undefined;
  /** Why it is ending or has ended; absent before. */
  ending: { code: string; message: string; failed: boolean } | undefined;

  constructor(
    public definition: ClusterDefinition,
    private readonly runner: Runner,
  ) {}

  get state(): ClusterState {
    if (!this.ending) return this.running.size > 0 ? "RUNNING" : "WAITING";
    if (this.running.size > 0) return "TERMINATING";
    return this.ending.failed ? "TERMINATED_WITH_ERRORS" : "TERMINATED";
  }

  add(configs: StepConfig[]): Step[] {
    const steps = configs.map((config) => new Step(config));
    for (const step of steps) {
      this.runner.log(`${step.label} | added to ${this.definition.name}`);
      this.publish(step);
    }
    this.steps.push(...steps);
    this.forget();
    this.plan();
    return steps;
  }

  /** Cancels a step; false if it has ended. */
  cancel(step: Step, killAfterMilliseconds?: number): boolean {
    if (!step.active) return false;
    const run = this.running.get(step);
    if (run) {
      step.state = "CANCEL_PENDING";
      this.publish(step);
      run.stop(killAfterMilliseconds);
    } else {
      this.end(step, "CANCELLED", "Cancelled by user");
    }
    return true;
  }

  /** Cancels pending steps and interrupts running ones. */
  terminate(code: string, message: string, failed = false): void {
    if (this.ending) return;
    this.ending = { code, message, failed };
    this.cancelPending(message);
    for (const run of this.running.values()) run.stop();
    this.settle();
  }

  remove(): void {
    this.terminate("USER_REQUEST", "The program no longer has this cluster");
  }

  /** Deferred, so that the caller gets the step's id before it runs. */
  plan(): void {
    if (this.planned) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      const waiting = this.steps.filter(({ state }) => state === "PENDING");
      const room = this.ending ? 0 : this.definition.stepConcurrency - this.running.size;
      for (const step of waiting.slice(0, Math.max(room, 0))) void this.run(step);
    });
  }

  private async run(step: Step): Promise<void> {
    step.state = "RUNNING";
    step.startedAt = Date.now();
    this.runner.log(`${step.label} | RUNNING`);
    this.publish(step);
    const run = this.runner.start(programOf(step, this.definition));
    this.running.set(step, run);
    const outcome = await run.outcome;
    this.running.delete(step);
    if (outcome.status === "succeeded") this.end(step, "COMPLETED", outcome.simulated);
    else if (outcome.status === "failed") this.fail(step, outcome);
    else if (this.ending) this.end(step, "INTERRUPTED", this.ending.message);
    else this.end(step, "CANCELLED", "Cancelled by user");
    this.settle();
    this.plan();
  }

  private fail(step: Step, failure: Failure): void {
    step.failure = failure;
    this.end(step, "FAILED", failure.reason);
    const { actionOnFailure } = step.config;
    // The cluster's settings may have changed since the step was added.
    if (actionOnFailure === "CONTINUE" || this.definition.stepConcurrency > 1) return;
    const ends = actionOnFailure !== "CANCEL_AND_WAIT" && !this.definition.terminationProtected;
    if (ends) this.terminate("STEP_FAILURE", "Shut down as step failed", true);
    else this.cancelPending(`Cancelled because ${step.id} failed`);
  }

  private cancelPending(reason: string): void {
    for (const step of this.steps) if (step.state === "PENDING") this.end(step, "CANCELLED", reason);
  }

  private end(step: Step, state: "COMPLETED" | "CANCELLED" | "FAILED" | "INTERRUPTED", reason?: string): void {
    step.end(state, reason);
    const duration = step.startedAt === undefined ? "" : ` after ${Date.now() - step.startedAt} ms`;
    // The log has said that it is simulated when it began.
    const why = reason === undefined || state === "COMPLETED" ? "" : `: ${reason}`;
    this.runner.log(`${step.label} | ${state}${duration}${why}`);
    this.publish(step);
  }

  private publish(step: Step): void {
    this.runner.publish(stepEvent(step, this.definition));
  }

  private settle(): void {
    if (!this.ending || this.running.size > 0 || this.endedAt !== undefined) return;
    this.endedAt = Date.now();
    this.runner.log(`${this.definition.name} ${this.definition.id} | ${this.state}: ${this.ending.message}`);
  }

  private forget(): void {
    const ended = this.steps.filter(({ active }) => !active);
    for (const step of ended.slice(0, Math.max(ended.length - REMEMBERED_STEPS, 0))) {
      this.steps.splice(this.steps.indexOf(step), 1);
    }
  }
}
