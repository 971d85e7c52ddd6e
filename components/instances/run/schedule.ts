import { EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { change } from "./change";
import { drain } from "./drain";
import type { Action, Outcome } from "./outcome";
import { plan, states } from "./plan";

/** What a schedule sends. */
export interface ScheduledAction {
  action: Action;
}

/** What became of the instances with the tag. */
export interface Report extends ScheduledAction {
  /** As `KEY=VALUE`. */
  tag: string;
  dryRun: boolean;
  counts: Record<Outcome["outcome"], number>;
  /** One for each instance that was not yet as the schedule wants it. */
  instances: Outcome[];
}

/** EC2 throttles whole accounts. The SDK waits longer and longer between attempts, for random times. */
const ec2 = new EC2Client({ maxAttempts: 8 });
const lambda = new LambdaClient({});

/**
 * Starts or stops the instances with a tag, and logs what became of each in one line. An instance that cannot be changed
 * does not stop the others.
 * @throws Error at the end if an instance failed, so that the call is repeated
 */
export async function handler({ action }: ScheduledAction): Promise<Report> {
  if (!Object.hasOwn(states, action)) {
    throw new Error(`The action is ${JSON.stringify(action)}; send { "action": "start" } or { "action": "stop" }`);
  }
  const { INSTANCE_TAG_KEY = "", INSTANCE_TAG_VALUE = "", DRY_RUN, DRAIN_FUNCTION, ...others } = process.env;
  const dryRun = DRY_RUN === "true";
  const instances = await list(action, INSTANCE_TAG_KEY, INSTANCE_TAG_VALUE);
  const planned = plan(action, instances, {
    minimumUptimeMinutes: Number(others.MINIMUM_UPTIME_MINUTES ?? 0),
    minimumRunning: Number(others.MINIMUM_RUNNING ?? 0),
  });
  const drains = action === "stop" && DRAIN_FUNCTION !== undefined && !dryRun;
  const kept = drains ? await drain(lambda, DRAIN_FUNCTION, planned.chosen) : [];
  const ready = planned.chosen.filter((id) => !kept.some((one) => one.id === id));
  const outcomes = [...(await change(ec2, action, ready, dryRun)), ...kept, ...planned.others];
  const report = { action, tag: `${INSTANCE_TAG_KEY}=${INSTANCE_TAG_VALUE}`, dryRun, ...summaryOf(outcomes) };
  console.log(JSON.stringify(report));
  failIfAnyFailed(report);
  return report;
}

/** The instances that the action is about. */
async function list(action: Action, key: string, value: string): Promise<Instance[]> {
  const Filters = [
    { Name: `tag:${key}`, Values: [value] },
    { Name: "instance-state-name", Values: states[action] },
  ];
  const instances: Instance[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters, MaxResults: 1000 })) {
    instances.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  }
  return instances;
}

function summaryOf(instances: Outcome[]): Pick<Report, "counts" | "instances"> {
  const count = (wanted: Outcome["outcome"]) => instances.filter(({ outcome }) => outcome === wanted).length;
  return { counts: { changed: count("changed"), skipped: count("skipped"), failed: count("failed") }, instances };
}

function failIfAnyFailed({ action, counts, instances }: Report): void {
  if (counts.failed === 0) return;
  const reasons = instances.filter(({ outcome }) => outcome === "failed").map(({ id, reason }) => `${id} ${reason}`);
  throw new Error(`${counts.failed} of ${instances.length} instances did not ${action}: ${reasons.join("; ")}`);
}
