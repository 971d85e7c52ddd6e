import { checkPattern } from "../../eventbridge/pattern";
import { checkSchedule } from "../../eventbridge/schedule";
import { below, type Mistakes } from "../../validation";
import { checkSubmittedJob, knownRequest } from "../submission/checks";
import { isEventPath, jobTransformer } from "../submission/request";
import type { JobTriggerArgs } from "./args";

/** Adds every mistake in a trigger's arguments. */
export function checkTrigger(mistakes: Mistakes, args: JobTriggerArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  checkKind(mistakes, args);
  checkSubmittedJob(mistakes, args);
  checkValues(mistakes, args);
  if (args.schedule === undefined) checkTemplate(mistakes, args);
}

function checkKind(mistakes: Mistakes, args: JobTriggerArgs): void {
  const { schedule, bucket, eventPattern, timeZone, flexibleMinutes, eventBusName, shareIdentifier } = args;
  const given = Object.entries({ schedule, bucket, eventPattern }).filter(([, value]) => value !== undefined);
  if (given.length === 0) mistakes.add("schedule", "is missing; write it, or `bucket` or `eventPattern`");
  for (const [key] of given.slice(1))
    mistakes.add(key, `cannot be combined with \`${given[0]?.[0]}\`; write one of them`);
  if (schedule !== undefined) {
    checkSchedule(mistakes, schedule, timeZone, { expression: "schedule", timeZone: "timeZone" });
  } else {
    for (const [key, value] of Object.entries({ timeZone, flexibleMinutes })) {
      mistakes.check(value === undefined, key, "is for `schedule`; leave it out");
    }
    const shared = shareIdentifier === undefined;
    mistakes.check(
      shared,
      "shareIdentifier",
      "is for `schedule`, as EventBridge rules cannot submit to a share; leave it out, and use a queue without " +
        "`fairShare`",
    );
  }
  if (eventPattern !== undefined) checkPattern(mistakes, eventPattern, "eventPattern");
  const onBus = eventBusName === undefined || eventPattern !== undefined;
  mistakes.check(onBus, "eventBusName", "is for `eventPattern`; leave it out");
}

function checkValues(mistakes: Mistakes, args: JobTriggerArgs): void {
  const { environment, parameters } = knownRequest(args);
  for (const [place, values] of Object.entries({ environment, parameters })) {
    for (const [name, value] of Object.entries(values)) {
      const path = below(place, name);
      if (args.schedule === undefined) checkTemplated(mistakes, path, value);
      else if (value.startsWith("$.")) {
        mistakes.add(path, `is "${value}", but a schedule has no event; write the value`);
      }
    }
  }
}

/** @see Amazon EventBridge User Guide, "Input transformation": `<` and `>` cannot be escaped */
function checkTemplated(mistakes: Mistakes, path: string, value: string): void {
  const isPath = !value.startsWith("$.") || isEventPath(value);
  mistakes.check(isPath, path, `is "${value}"; write a path such as $.detail.object.key`);
  const [place] = /<(?!aws\.events\.)[^<>]*>/.exec(value) ?? [];
  mistakes.check(
    place === undefined,
    path,
    `has ${place}, which EventBridge would take for a variable; write it without < and >`,
  );
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html */
function checkTemplate(mistakes: Mistakes, args: JobTriggerArgs): void {
  const { inputTemplate = "", inputPaths = {} } = jobTransformer(knownRequest(args)) ?? {};
  const { length } = inputTemplate;
  const { length: paths } = Object.keys(inputPaths);
  const instead = "write long values in the job definition, or to an object in S3";
  mistakes.check(
    length <= 8192,
    "environment",
    `makes, with \`parameters\`, ${length} characters; EventBridge allows 8192: ${instead}`,
  );
  mistakes.check(
    paths <= 100,
    "environment",
    `has, with \`parameters\`, ${paths} paths in an event; EventBridge allows 100: leave some out`,
  );
}
