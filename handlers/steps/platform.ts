import type { Step, StepStatus } from "./schema";

/** A Spark job to be run. */
export interface StepSubmission {
  /** Its own. */
  name: string;
  /** Its own, too: the same each time that it is sent. */
  token: string;
  /** Of the script. */
  args: string[];
}

/** Where Spark jobs run: a cluster, or an application of EMR Serverless. */
export interface StepPlatform {
  /** Whether a submission that is sent again is known for the same by its token. */
  readonly knowsRepetitions: boolean;
  /**
   * Submits a job and gives its id.
   * @param perhapsSubmitted an earlier attempt may have submitted it
   * @throws Problem `unavailable` when there is no room for it now, `conflict` when nothing runs here any more
   */
  submit(step: StepSubmission, perhapsSubmitted: boolean): Promise<string>;
  /** Undefined where there is none. */
  read(id: string): Promise<Step | undefined>;
  /** A page of them, of any status unless one is given. */
  list(status?: StepStatus, token?: string): Promise<{ steps: Step[]; next?: string }>;
  /**
   * Stops a job, or keeps it from starting.
   * @throws Problem `conflict` when it cannot be stopped
   */
  cancel(id: string): Promise<void>;
}

/** Which states of a platform's a status stands for. */
export function statesOf<State extends string>(statuses: Record<State, StepStatus>, status: StepStatus): State[] {
  return (Object.keys(statuses) as State[]).filter((state) => statuses[state] === status);
}
