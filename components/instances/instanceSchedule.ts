import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { AccessArgs, FunctionAccess } from "../access";
import { LambdaFunction } from "../lambda/lambdaFunction";
import { ComponentResource } from "../resource";
import { type InstanceAccessLevel, instanceAccess } from "./access";
import type { InstanceScheduleArgs, InstanceTagArgs } from "./args";
import { checkInstanceSchedule } from "./checks";
import type { ScheduledAction } from "./run/schedule";

const actions = ["start", "stop"] as const;

/** What `access()` needs; any property of the class, even a private one, would be an output in other languages. */
const tags = new WeakMap<InstanceSchedule, InstanceTagArgs>();

/**
 * Starts and stops the EC2 instances with a tag at certain times, such as on the mornings and evenings of working days.
 * An instance that cannot be changed does not stop the others: the call is repeated twice, and then kept in a dead letter
 * queue.
 */
export class InstanceSchedule extends ComponentResource<InstanceScheduleArgs, InstanceSchedule> {
  /** The name of the function that starts and stops the instances; its log says what became of each. */
  declare readonly functionName: pulumi.Output<string>;
  /** The URL of the queue that keeps calls that failed. */
  declare readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** The function's logs. */
  declare readonly logGroup: cloudwatch.LogGroup;
  /** What `access("describe")` returns, for other languages. */
  declare readonly describeAccess: FunctionAccess;
  /** What `access("start")` returns, for other languages. */
  declare readonly startAccess: FunctionAccess;
  /** What `access("stop")` returns, for other languages. */
  declare readonly stopAccess: FunctionAccess;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: InstanceScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["functionName", "deadLetterQueueUrl"] as const;
    super({ type: "InstanceSchedule", rules: checkInstanceSchedule, outputs }, name, args, opts);
  }

  protected create(name: string, args: InstanceScheduleArgs): void {
    tags.set(this, args.tag);
    const { functionName, deadLetterQueue, logGroup } = this.createFunction(name, args);
    this.set({
      functionName,
      logGroup,
      deadLetterQueueUrl: pulumi.output(deadLetterQueue?.url ?? ""),
      describeAccess: this.access("describe"),
      startAccess: this.access("start"),
      stopAccess: this.access("stop"),
    });
  }

  /**
   * What a function needs to use the instances, as the handler of an API does: pass it to a LambdaFunction's `access`.
   * @param levels `describe` to list instances, `start` and `stop` to list them and start or stop those with the tag;
   * several as an array
   * @throws pulumi.RunError on a reference to a component elsewhere
   */
  access(levels: InstanceAccessLevel | InstanceAccessLevel[]): FunctionAccess {
    const tag = tags.get(this);
    if (!tag) throw new pulumi.RunError("access: call it where the schedule is created, not on a reference to it");
    return instanceAccess([levels].flat(), tag, { parent: this });
  }

  private createFunction(name: string, args: InstanceScheduleArgs): LambdaFunction {
    const { tag, minimumUptime = 0, minimumRunning = 0, dryRun = false } = args;
    const { kmsKeyArn, logRetentionDays, permissionsBoundary, alarmTopicArns } = args;
    const used = actions.filter((action) => args[action] !== undefined);
    return new LambdaFunction(
      name,
      {
        entry: require.resolve("./run/schedule"),
        description: `Starts and stops the instances with the tag ${tag.key}`,
        access: [this.access(used), ...drainAccess(args)],
        environment: {
          MINIMUM_UPTIME_MINUTES: String(minimumUptime),
          MINIMUM_RUNNING: String(minimumRunning),
          DRY_RUN: String(dryRun),
        },
        events: Object.fromEntries(used.map((action) => [action, { schedule: scheduleOf(action, args) }])),
        timeout: 900,
        kmsKeyArn,
        logRetentionDays,
        permissionsBoundary,
        alarmTopicArns,
        tags: args.tags,
      },
      this.guarded(),
    );
  }
}

function scheduleOf(action: (typeof actions)[number], args: InstanceScheduleArgs) {
  const { timeZone, flexibleMinutes, retries, maximumAge, kmsKeyArn, enabled } = args;
  const input: ScheduledAction = { action };
  return { expression: args[action] ?? "", timeZone, flexibleMinutes, retries, maximumAge, kmsKeyArn, enabled, input };
}

function drainAccess({ drainFunctionArn }: InstanceScheduleArgs): AccessArgs[] {
  if (drainFunctionArn === undefined) return [];
  const statements = [{ actions: ["lambda:InvokeFunction"], resources: [drainFunctionArn] }];
  return [{ environment: { DRAIN_FUNCTION: drainFunctionArn }, statements }];
}
