import * as iot from "@pulumi/aws/iot";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { arnParts } from "../../access";
import { createDeliveryPolicy, createDeliveryRole } from "../../eventbridge/delivery";
import { queueUrlOf } from "../../messaging/queueUrl";
import { type DeadLetterArgs, type EventSource, permission } from "./source";

/**
 * MQTT messages of AWS IoT Core. Those that cannot be delivered are dead letters, with the reason, by the rule's error
 * action.
 */
export interface IotEventArgs extends DeadLetterArgs {
  /** The messages that are wanted, and what the function gets of them, such as `SELECT * FROM 'sensors/+/reading'`. */
  sql: string;
  /**
   * The version of the SQL, a date such as `2016-03-23`, or `beta`. @pattern `^(\d{4}-\d\d-\d\d|beta)$`
   * @write a version such as 2016-03-23 @default "2016-03-23"
   */
  sqlVersion?: string;
  /** Whether the function is called. @default true */
  enabled?: boolean;
}

const service = "iot.amazonaws.com";

export const iotSource: EventSource<IotEventArgs> = {
  isAsynchronous: true,
  hasDeadLetters: true,
  check(mistakes, { sql }, path) {
    const isSelect = /^\s*SELECT\s+\S/i.test(sql) && (!/\bFROM\b/i.test(sql) || /\bFROM\s+'[^']+'/i.test(sql));
    mistakes.check(isSelect, `${path}.sql`, `is ${JSON.stringify(sql)}; write SELECT … FROM 'topic/filter'`);
  },
  create(name, args, wiring) {
    const { functionArn, deadLetterArn, permissionsBoundary, tags, opts } = wiring;
    // The rule needs the role first, so the role cannot name the rule.
    const anyRule = arnParts(functionArn).apply(([, partition, , region, account]) => {
      return `arn:${partition}:iot:${region}:${account}:rule/*`;
    });
    const role = createDeliveryRole(`${name}-iot`, { service, sourceArn: anyRule, permissionsBoundary, tags }, opts);
    const send = { actions: ["sqs:SendMessage"], resources: [deadLetterArn] };
    const policy = createDeliveryPolicy(`${name}-iot`, role, [send], opts);
    const settings = {
      description: `Calls ${name}`,
      sql: args.sql,
      sqlVersion: args.sqlVersion ?? "2016-03-23",
      enabled: args.enabled ?? true,
      lambdas: [{ functionArn }],
      errorAction: { sqs: { queueUrl: queueUrlOf(deadLetterArn), roleArn: role.arn, useBase64: false } },
      tags,
    };
    const [ruleName, setRuleName] = pulumi.deferredOutput<string>();
    const metrics = { namespace: "AWS/IoT", dimensions: { RuleName: ruleName }, threshold: 1 };
    return {
      connect(ready) {
        // IoT refuses hyphens, and Pulumi makes the physical name from this one.
        const rule = new iot.TopicRule(name.replaceAll("-", "_"), settings, { ...opts, dependsOn: [policy, ...ready] });
        setRuleName(rule.name);
        new lambda.Permission(name, permission(service, rule.arn, wiring), opts);
      },
      alarms: {
        "parse-errors": { ...metrics, metric: "ParseError", description: `${name} got messages that are not JSON` },
        throttles: { ...metrics, metric: "RuleMessageThrottled", description: `Messages for ${name} were throttled` },
      },
    };
  },
};
