import type { Step, StepStatus } from "./schema";

/** A Spark job to run. */
export interface StepSubmission {
  /** Its unique name. */
  name: string;
  /** Its unique token, the same each time that it is sent. */
  token: string;
  /** The script's arguments. */
  args: string[];
}

/** Where Spark jobs run: a cluster, or an application of EMR Serverless. */
export interface StepPlatform {
  /** Whether a repeated submission is recognized by its token. */
  readonly knowsRepetitions: boolean;
  /**
   * Submits a job and returns its id.
   * @param perhapsSubmitted whether an earlier attempt may have submitted it
   * @throws Problem `unavailable` if there is no room for it now, `conflict` if nothing runs here any more
   */
  submit(step: StepSubmission, perhapsSubmitted: boolean): Promise<string>;
  /** Undefined if there is no such job. */
  read(id: string): Promise<Step | undefined>;
  /** A page of jobs, of any status unless one is given. */
  list(status?: StepStatus, token?: string): Promise<{ steps: Step[]; next?: string }>;
  /**
   * Stops a job, or keeps it from starting.
   * @throws Problem `conflict` if it cannot be stopped
   */
  cancel(id: string): Promise<void>;
}

/** The platform's states that a status stands for. */
export function statesOf<State extends string>(statuses: Record<State, StepStatus>, status: StepStatus): State[] {
  return (Object.keys(statuses) as State[]).filter((state) => statuses[state] === status);
}
