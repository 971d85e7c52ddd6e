import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../access";
import type { SenderArgs } from "../../messaging/senders";
import type { AlarmSpec } from "../../observability/alarms";
import type { Mistakes } from "../../validation";

/** One kind of events: how its arguments are checked, and how it comes to call a function. */
export interface EventSource<Args> {
  /**
   * Whether it leaves events to Lambda, which calls the function later, and drops them after its own retries.
   * @default false: it waits for the function
   */
  isAsynchronous?: boolean;
  /** Whether it needs a destination for events that are not delivered, or finally not processed. @default false */
  hasDeadLetters?: boolean;
  /** Adds every mistake in the arguments, which are those of the property at `path`. */
  check(mistakes: Mistakes, args: Args, path: string, callee: NamedCallee): void;
  /** What the function's role must allow before the source can call it. @default nothing */
  statements?(args: Args, deadLetterArn: pulumi.Input<string>): pulumi.Input<Statement[]>;
  /** Creates what events come through, named after the function and the event, but does not let any through yet. */
  create(name: string, args: Args, wiring: Wiring): Connection;
}

/** What is known of a function when its arguments are checked. */
export interface KnownCallee {
  timeout: pulumi.Input<number>;
}

interface NamedCallee extends KnownCallee {
  /** What the source's resources will be named after: the function and the event. */
  name: string;
}

/** What every event source is made with. */
export interface Wiring {
  /** The function; its alias, if it has one, in `functionArn` and `qualifier`. */
  functionName: pulumi.Output<string>;
  qualifier: pulumi.Output<string | undefined>;
  functionArn: pulumi.Output<string>;
  timeout: pulumi.Output<number | undefined>;
  /** Where events go that are not delivered, or finally not processed. Empty if the source has none of those. */
  deadLetterArn: pulumi.Input<string>;
  permissionsBoundary?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  opts: { parent: pulumi.Resource };
}

/** A source that can call a function once it is connected. */
export interface Connection {
  /** A service that sends dead letters by itself, and must be allowed to. @default none: a role sends them */
  sender?: SenderArgs;
  /** Lets events through. @param ready what must exist before, so that no event is lost */
  connect(ready: pulumi.Resource[]): void;
  /** Alarms, by the ends of their names. @default none */
  alarms?: Record<string, Omit<AlarmSpec, "tags">>;
}

/** Where events go that are not delivered, or finally not processed. */
export interface DeadLetterArgs {
  /**
   * ARN of the SQS queue for events that cannot be delivered; its policy must let the service send.
   * @default the function's own dead letter queue
   */
  deadLetterArn?: pulumi.Input<string>;
}

/** The arguments of the permission that lets a service call the function on behalf of one resource. */
export function permission(
  principal: string,
  sourceArn: pulumi.Input<string>,
  { functionName, qualifier }: Wiring,
): lambda.PermissionArgs {
  return { action: "lambda:InvokeFunction", function: functionName, qualifier, principal, sourceArn };
}

/** Permission to read with a customer key. */
export function decrypting(kmsKeyArn: pulumi.Input<string> | undefined): Statement[] {
  return kmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [kmsKeyArn] }];
}
