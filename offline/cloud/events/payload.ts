import { type InputTemplate, readTemplate, valueAt } from "../core/inputTemplate";
import { inSeconds } from "../core/times";
import type { Target } from "./definitions";
import type { BusEvent } from "./event";

/** The names that a template may have without a path, and their values. */
const PREDEFINED: Record<string, (event: BusEvent, rule: RuleIdentity) => unknown> = {
  "aws.events.rule-arn": (_, { arn }) => arn,
  "aws.events.rule-name": (_, { name }) => name,
  "aws.events.event.ingestion-time": () => inSeconds(Date.now()),
  "aws.events.event": ({ text }) => {
    const { id, account, "detail-type": detailType, time, source, region, resources, version } = JSON.parse(text);
    return { id, account, detailType, time, source, region, resources, version };
  },
  "aws.events.event.json": ({ text }) => JSON.parse(text),
};

interface RuleIdentity {
  name: string;
  arn: string;
}

/**
 * The mistake in how a target gets its input; undefined if there is none.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function inputMistake(target: Target): string | undefined {
  const { Id, Input, InputPath, InputTransformer, KinesisParameters } = target;
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1)
    return `Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`;
  const { InputPathsMap = {}, InputTemplate } = InputTransformer ?? {};
  for (const path of [...Object.values(InputPathsMap), InputPath, KinesisParameters?.PartitionKeyPath]) {
    const mistake = path === undefined ? undefined : mistakeIn(() => valueAt(path, {}));
    if (mistake) return `Invalid path for target ${Id} : ${mistake}.`;
  }
  const mistake = Input === undefined ? undefined : mistakeIn(() => JSON.parse(Input));
  if (mistake) return `JSON syntax error in input for target ${Id} : ${mistake}.`;
  if (InputTemplate === undefined) return undefined;
  let template: InputTemplate;
  try {
    template = readTemplate(InputTemplate);
  } catch (error) {
    return `Invalid InputTemplate for target ${Id} : ${(error as Error).message}.`;
  }
  const unknown = template.placeholders.find(
    (name) => !Object.hasOwn(InputPathsMap, name) && !Object.hasOwn(PREDEFINED, name),
  );
  return unknown && `InputTemplate for target ${Id} contains invalid placeholder ${unknown}.`;
}

/**
 * What a target gets of an event. A path that the event does not have is null, and in a template an empty text.
 * @throws Error if the event makes invalid JSON of the target's template
 */
export function payloadOf(target: Target, event: BusEvent, rule: RuleIdentity): string {
  const { Input, InputPath, InputTransformer } = target;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined && InputPath !== "$")
    return JSON.stringify(valueAt(InputPath, JSON.parse(event.text)) ?? null);
  if (!InputTransformer) return event.text;
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const whole: unknown = JSON.parse(event.text);
  return readTemplate(InputTemplate).fill((name) => {
    const path = InputPathsMap[name];
    return path === undefined ? PREDEFINED[name]?.(event, rule) : valueAt(path, whole);
  });
}

function mistakeIn(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
