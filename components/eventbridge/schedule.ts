import * as scheduler from "@pulumi/aws/scheduler";
import type * as types from "@pulumi/aws/types";
import type * as pulumi from "@pulumi/pulumi";
import type { Metric } from "../observability/alarms";
import type { Mistakes } from "../validation";

export const schedulerService = "scheduler.amazonaws.com";

/** When a schedule of EventBridge Scheduler fires. */
interface ScheduleSettings {
  expression: string;
  /** @default "UTC" */
  timeZone?: string;
  /** @default to the minute */
  flexibleMinutes?: number;
  /** @default true */
  enabled?: boolean;
  kmsKeyArn?: pulumi.Input<string>;
}

/** A schedule that calls a target. */
export function createSchedule(
  name: string,
  { expression, timeZone = "UTC", flexibleMinutes, enabled = true, kmsKeyArn }: ScheduleSettings,
  group: scheduler.ScheduleGroup,
  target: types.input.scheduler.ScheduleTarget,
  opts: pulumi.CustomResourceOptions,
): scheduler.Schedule {
  const mode = flexibleMinutes === undefined ? "OFF" : "FLEXIBLE";
  return new scheduler.Schedule(
    name,
    {
      groupName: group.name,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode, maximumWindowInMinutes: flexibleMinutes },
      state: enabled ? "ENABLED" : "DISABLED",
      kmsKeyArn,
      target,
    },
    opts,
  );
}

/**
 * A group of its own for a schedule: the scheduler's metrics, and the sources that a role can trust, refer to groups,
 * not schedules.
 */
export function createGroup(
  name: string,
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  opts: pulumi.CustomResourceOptions,
): scheduler.ScheduleGroup {
  return new scheduler.ScheduleGroup(name, { tags }, opts);
}

/** Counts what the schedules of a group could not deliver. */
export function droppedInvocations(group: scheduler.ScheduleGroup): Metric {
  const dimensions = { ScheduleGroup: group.name };
  return { namespace: "AWS/Scheduler", metric: "InvocationDroppedCount", dimensions };
}

/** Adds a mistake unless the text names a time zone of the IANA's. */
export function checkTimeZone(mistakes: Mistakes, timeZone: string | undefined, path: string): void {
  if (timeZone === undefined || isTimeZone(timeZone)) return;
  mistakes.add(path, `is "${timeZone}"; write the name of one, such as "Europe/Berlin"`);
}

/** Intl also accepts offsets, which the scheduler does not. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Z]/i.test(name);
  } catch {
    return false;
  }
}
