import { AwsError } from "../core/awsError";
import type { InstanceDefinition } from "./model";

/** The states of an instance, with their codes. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const CODES = { pending: 0, running: 16, "shutting-down": 32, terminated: 48, stopping: 64, stopped: 80 };

export type InstanceState = keyof typeof CODES;

/** What an instance is on its way to. */
const NEXT: Partial<Record<InstanceState, InstanceState>> = {
  pending: "running",
  stopping: "stopped",
  "shutting-down": "terminated",
};

/** What is asked of an instance. */
interface Transition {
  /** The states in which it begins, and those in which it is done or under way already. */
  from: InstanceState[];
  done: InstanceState[];
  /** What the instance becomes first. */
  to: InstanceState;
  /** As in the message of the error for any other state. */
  participle: "started" | "stopped" | "terminated";
}

export const TRANSITIONS = {
  start: { from: ["stopped"], done: ["pending", "running"], to: "pending", participle: "started" },
  stop: { from: ["running"], done: ["stopping", "stopped"], to: "stopping", participle: "stopped" },
  terminate: {
    from: ["pending", "running", "stopping", "stopped"],
    done: ["shutting-down", "terminated"],
    to: "shutting-down",
    participle: "terminated",
  },
} satisfies Record<string, Transition>;

export interface InstanceOptions {
  /** How long pending, stopping and shutting-down last, in milliseconds. */
  transitionMilliseconds: number;
  /** Called with each new state. */
  entered(instance: Instance): void;
}

/** An instance, and what was made of it since the program described it. */
export class Instance {
  readonly createdAt = Date.now();
  launchedAt = this.createdAt;
  /** When it last entered its state. */
  enteredAt = this.createdAt;
  readonly tags: Record<string, string>;
  private current: InstanceState = "running";
  private timer?: NodeJS.Timeout;

  /** It runs from the beginning, as the provider waits until it does. */
  constructor(
    public definition: InstanceDefinition,
    private readonly options: InstanceOptions,
  ) {
    this.tags = { ...definition.tags };
  }

  get id(): string {
    return this.definition.id;
  }

  get state(): InstanceState {
    return this.current;
  }

  /** Graviton's types have a `g` after their generation, as in `m7g` and `im4gn`. */
  get architecture(): "arm64" | "x86_64" {
    return /^(?:a1|[a-z]+\d+[a-z]*g[a-z]*)\./.test(this.definition.type) ? "arm64" : "x86_64";
  }

  /** Undefined unless it runs. */
  get publicIp(): string | undefined {
    return this.current === "running" ? this.definition.publicIp : undefined;
  }

  /** Takes over what the program has changed. Tags that others have created stay. */
  reconcile(definition: InstanceDefinition): void {
    for (const key of Object.keys(this.definition.tags)) delete this.tags[key];
    Object.assign(this.tags, definition.tags);
    this.definition = definition;
  }

  /** @throws AwsError if the instance may not begin the transition in its state */
  check({ from, done, participle }: Transition): void {
    const { spot, mayNotBe } = this.definition;
    if (participle === "stopped" && spot === "one-time") {
      const message = `You can't stop the Spot Instance '${this.id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`;
      throw new AwsError("UnsupportedOperation", message);
    }
    if (![...from, ...done].includes(this.state)) throw this.incorrectState(participle);
    const attribute = { stopped: "disableApiStop", terminated: "disableApiTermination", started: "" }[participle];
    if (mayNotBe.some((one) => one === participle)) {
      const message = `The instance '${this.id}' may not be ${participle}. Modify its '${attribute}' instance attribute and try again.`;
      throw new AwsError("OperationNotPermitted", message);
    }
  }

  incorrectState(participle: string): AwsError {
    const message = `The instance '${this.id}' is not in a state from which it can be ${participle}.`;
    return new AwsError("IncorrectInstanceState", message);
  }

  /** Begins a transition, and returns the states before and after. */
  begin({ from, to }: Transition): { before: InstanceState; after: InstanceState } {
    const before = this.state;
    if (from.includes(before)) this.enter(to);
    return { before, after: this.state };
  }

  /** Starts to run for the first time. */
  launch(): void {
    this.enter("pending");
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private enter(state: InstanceState): void {
    clearTimeout(this.timer);
    this.current = state;
    this.enteredAt = Date.now();
    if (state === "pending") this.launchedAt = this.enteredAt;
    this.options.entered(this);
    const next = NEXT[state];
    if (next) this.timer = setTimeout(() => this.enter(next), this.options.transitionMilliseconds).unref();
  }
}
