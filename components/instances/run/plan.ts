import type { Instance } from "@aws-sdk/client-ec2";
import type { Action, Outcome } from "./outcome";

/** What keeps instances on. */
export interface Limits {
  /** For how many minutes an instance runs at least. */
  minimumUptimeMinutes: number;
  /** How many instances stay on at least. */
  minimumRunning: number;
}

/** The states of the instances that an action is about: those that it changes, and those on their way there. */
export const states: Record<Action, [from: string, toFrom: string]> = {
  start: ["stopped", "stopping"],
  stop: ["running", "pending"],
};

/** The instances to change, and what becomes of the others. */
export function plan(
  action: Action,
  instances: Instance[],
  { minimumUptimeMinutes, minimumRunning }: Limits,
): { chosen: string[]; others: Outcome[] } {
  const others: Outcome[] = [];
  const chosen: string[] = [];
  const [, onItsWay] = states[action];
  const mayStop = instances.length - minimumRunning;
  const youngest = Date.now() - minimumUptimeMinutes * 60_000;
  // Those that have run for longest stop first.
  const sorted = instances.toSorted((one, other) => Number(one.LaunchTime) - Number(other.LaunchTime));
  for (const { InstanceId: id = "", State, LaunchTime, Tags = [] } of sorted) {
    const skip = (reason: string) => others.push({ id, outcome: "skipped", reason });
    const group = Tags.find(({ Key }) => Key === "aws:autoscaling:groupName")?.Value;
    if (group !== undefined) {
      skip(`belongs to the Auto Scaling group ${group}, which would replace it; change the group's desired capacity`);
    } else if (State?.Name === onItsWay) {
      // The retry of this call finds it where it can be changed: otherwise it would stay as it is until the next time.
      others.push({ id, outcome: "failed", reason: `is still ${onItsWay}` });
    } else if (action === "stop" && Number(LaunchTime) > youngest) {
      skip(`has run for less than ${minimumUptimeMinutes} minutes`);
    } else if (action === "stop" && chosen.length >= mayStop) {
      skip(`is one of the ${minimumRunning} that stay on`);
    } else chosen.push(id);
  }
  return { chosen, others };
}
