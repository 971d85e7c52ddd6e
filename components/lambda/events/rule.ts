import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import { jsonStringify } from "@pulumi/pulumi";
import type { EventPattern } from "../../eventbridge/args";
import { delivery } from "../../eventbridge/delivery";
import { checkPattern } from "../../eventbridge/pattern";
import { createRule, eventsService, failedInvocations } from "../../eventbridge/rule";
import { below, type Mistakes } from "../../validation";
import { type Connection, type DeadLetterArgs, type EventSource, permission, type Wiring } from "./source";

/** Any JSON. */
// biome-ignore lint/suspicious/noExplicitAny: The function decides what it takes.
export type Json = any;

/** What a function gets instead of the event, made of values of it. */
export interface InputTransformerArgs {
  /** The values: name → path in the event, such as `$.detail.id`; up to 100. @maxItems 100 @default none */
  paths?: Record<string, string>;
  /**
   * JSON, up to 8,192 characters, in which `<name>` stands for a value, such as `{"order": <id>}`. @minLength 1
   * @maxLength 8192
   */
  template: string;
}

/** How EventBridge delivers events. */
export interface DeliveryArgs extends DeadLetterArgs {
  /** Retries when Lambda does not take an event, 0–185. @minimum 0 @maximum 185 @default 20 */
  retries?: number;
  /**
   * Seconds for which delivery is retried, 60–86,400; after that the event is a dead letter. @minimum 60
   * @maximum 86400 @unit seconds @default 3600
   */
  maximumAge?: number;
  /** Whether the function is called. @default true */
  enabled?: boolean;
}

/** Events of an EventBridge bus. */
export interface RuleEventArgs extends DeliveryArgs {
  /** The events that are wanted. @write fields of an event, such as { source: [...], detail: {...} } */
  pattern: EventPattern;
  /** Name of the event bus. @default the account's own, which also has the events of AWS's services */
  eventBusName?: pulumi.Input<string>;
  /** What the function gets instead of the event. @write an object @default the event */
  input?: Json;
  /** The part of the event that the function gets, such as `$.detail`, up to 256 characters. @maxLength 256 @default the event */
  inputPath?: string;
  /** What the function gets instead of the event, made of values of it. @default the event */
  inputTransformer?: InputTransformerArgs;
}

export const ruleSource: EventSource<RuleEventArgs> = {
  isAsynchronous: true,
  hasDeadLetters: true,
  check(mistakes, args, path) {
    checkPattern(mistakes, args.pattern, `${path}.pattern`);
    checkInput(mistakes, args, path);
  },
  create(name, args, wiring) {
    const rule = createRuleFor(name, args, wiring);
    return connectionOf(name, rule, args, wiring);
  },
};

/** The rule of a function's events. */
export function createRuleFor(
  name: string,
  { pattern, eventBusName, enabled }: Pick<RuleEventArgs, "pattern" | "eventBusName" | "enabled">,
  { tags, opts }: Wiring,
): cloudwatch.EventRule {
  return createRule(name, { description: `Calls ${name}`, pattern, eventBusName, enabled, tags }, opts);
}

/** How a rule comes to call a function. */
export function connectionOf(
  name: string,
  rule: cloudwatch.EventRule,
  args: Omit<RuleEventArgs, "pattern">,
  wiring: Wiring,
): Connection {
  const { eventBusName, input, inputPath, inputTransformer } = args;
  const { functionArn, deadLetterArn, opts } = wiring;
  const permitted = new lambda.Permission(name, permission(eventsService, rule.arn, wiring), opts);
  const target = {
    rule: rule.name,
    eventBusName,
    arn: functionArn,
    input: input === undefined ? undefined : jsonStringify(input),
    inputPath,
    inputTransformer: inputTransformer && {
      inputPaths: inputTransformer.paths,
      inputTemplate: inputTransformer.template,
    },
    ...delivery(args, deadLetterArn),
  };
  const failed = {
    ...failedInvocations(rule, eventBusName),
    description: `Events did not reach ${name}`,
    threshold: 1,
  };
  return {
    sender: { service: eventsService, sourceArn: rule.arn },
    connect: (ready) => new cloudwatch.EventTarget(name, target, { ...opts, dependsOn: [permitted, ...ready] }),
    alarms: { failed },
  };
}

/** @see Amazon EventBridge User Guide, "Input transformation" */
function checkInput(mistakes: Mistakes, args: Omit<RuleEventArgs, "pattern">, path: string): void {
  const { input, inputPath, inputTransformer } = args;
  const given = Object.entries({ input, inputPath, inputTransformer }).filter(([, value]) => value !== undefined);
  for (const [key] of given.slice(1)) {
    mistakes.add(`${path}.${key}`, `cannot be combined with \`${given[0]?.[0]}\`; write one of them`);
  }
  if (inputPath !== undefined) checkPath(mistakes, inputPath, `${path}.inputPath`);
  if (inputTransformer === undefined) return;
  const { paths = {}, template } = inputTransformer;
  const own = `${path}.inputTransformer`;
  for (const [name, value] of Object.entries(paths)) {
    const place = below(`${own}.paths`, name);
    checkPath(mistakes, value, place);
    const isName = /^(?!AWS)[\w-]+$/i.test(name);
    mistakes.check(
      isName,
      place,
      "has a name that EventBridge refuses; write letters, digits, `_` and `-`, not AWS first",
    );
  }
  const placeholders = [...template.matchAll(/<([^<>"\s]+)>/g)].map(([, name = ""]) => name);
  for (const name of new Set(placeholders)) {
    const isKnown = name in paths || name.startsWith("aws.events.");
    mistakes
      .from(`${own}.paths`)
      .check(isKnown, `${own}.template`, `has <${name}>, which is not in \`paths\`; write it there`);
  }
}

function checkPath(mistakes: Mistakes, value: string, path: string): void {
  const isPath = /^\$(\.[\w-]+|\[\d+\])*$/.test(value);
  mistakes.check(isPath, path, `is "${value}"; write a path such as $.detail.id`);
}
