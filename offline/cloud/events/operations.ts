import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { listTags, type Tag, tagsOf } from "../core/tags";
import { busOperations } from "./busOperations";
import type { EventBuses } from "./eventBuses";
import { putEvents } from "./putEvents";
import type { Bus, Rule } from "./rule";
import { findRule, ruleOperations } from "./ruleOperations";
import { targetOperations } from "./targetOperations";
import { testEventPattern } from "./testEventPattern";

type Tagged = { ResourceARN: string };

/**
 * Amazon EventBridge: buses, rules and targets. Archives, replays, API destinations, global endpoints and partners'
 * event sources are left out.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html
 */
export const events = defineService<EventBuses>("events", {
  PutEvents: putEvents,
  TestEventPattern: testEventPattern,
  ...busOperations,
  ...ruleOperations,
  ...targetOperations,
  ListTagsForResource: (buses, input: Tagged, call) => ({ Tags: listTags(findTagged(buses, input, call).tags) }),
  TagResource: (buses, { Tags, ...input }: Tagged & { Tags: Tag[] }, call) => {
    Object.assign(findTagged(buses, input, call).tags, tagsOf(Tags));
  },
  UntagResource: (buses, { TagKeys, ...input }: Tagged & { TagKeys: string[] }, call) => {
    const { tags } = findTagged(buses, input, call);
    for (const key of TagKeys) delete tags[key];
  },
});

/** The bus or rule with that ARN. @throws AwsError if there is none */
function findTagged(buses: EventBuses, { ResourceARN }: Tagged, call: OperationCall): Bus | Rule {
  const [, kind, ...names] = /:(event-bus|rule)\/(?:([^/]+)\/)?([^/]+)$/.exec(ResourceARN) ?? [];
  const [bus, name = ""] = names;
  if (kind === "event-bus") return buses.get(ResourceARN, call.scope.region);
  if (kind === "rule") return findRule(buses, { Name: name, EventBusName: bus }, call);
  throw new AwsError(
    "ValidationException",
    `Parameter ${ResourceARN} is not valid. Reason: Provided Arn is not in correct format.`,
  );
}
