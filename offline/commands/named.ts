import { ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import { nearest } from "../engine/nearest";
import { resourcesOfType } from "../engine/query";
import { reveal } from "../engine/values";

/** The kinds of resources that commands name, with the output that is a resource's name in AWS. */
const KINDS = {
  function: { types: ["aws:lambda/function:Function"], output: "name", plural: "functions" },
  queue: { types: ["aws:sqs/queue:Queue"], output: "name", plural: "queues" },
  stream: { types: ["aws:kinesis/stream:Stream"], output: "name", plural: "streams" },
  topic: { types: ["aws:sns/topic:Topic"], output: "arn", plural: "topics" },
  bus: { types: ["aws:cloudwatch/eventBus:EventBus"], output: "name", plural: "event buses" },
  bucket: { types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"], output: "bucket", plural: "buckets" },
  "log group": { types: ["aws:cloudwatch/logGroup:LogGroup"], output: "name", plural: "log groups" },
};

export type Kind = keyof typeof KINDS;

/** A resource of the program that commands name. */
export interface NamedResource {
  kind: Kind;
  urn: string;
  /** Its name in the program. */
  resource: string;
  /** Its name in AWS; of a topic, its ARN. */
  name: string;
  /** Of a function. */
  logGroup?: string;
}

/** The program's own resources that commands name. */
export function namedResources(graph: Graph): NamedResource[] {
  return (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const { types, output } = KINDS[kind];
    const own = types.flatMap((type) => resourcesOfType(graph, type)).filter(({ external }) => !external);
    return own.map(({ urn, name: resource, outputs }) => {
      const name = String(reveal(outputs[output] ?? resource));
      if (kind !== "function") return { kind, urn, resource, name };
      const { logGroup = `/aws/lambda/${name}` } = Object(reveal(outputs.loggingConfig)) as { logGroup?: string };
      return { kind, urn, resource, name, logGroup };
    });
  });
}

/**
 * The resource that somebody means by a URN, or by a name in the program or in AWS.
 * @throws ProgramError when there is none of that kind, or more than one
 */
export function findNamed(kind: Kind, given: string, { resources }: { resources: NamedResource[] }): NamedResource {
  const all = resources.filter((one) => one.kind === kind);
  const found = all.filter(({ urn, resource, name }) => [urn, resource, name].includes(given));
  const [only, another] = found;
  if (only && !another) return only;
  const { plural } = KINDS[kind];
  const listed = (names: string[]) => names.join(", ") || "none";
  if (another) {
    const names = listed(found.map(({ name }) => name));
    throw new ProgramError(`Several ${plural} are called ${given}. Use the name in AWS: ${names}.`);
  }
  const meant = nearest(
    given,
    all.flatMap(({ resource, name }) => [resource, name]),
  );
  const hint = meant ? `Did you mean ${meant}?` : `Its ${plural}: ${listed(all.map(({ resource }) => resource))}.`;
  throw new ProgramError(`The program has no ${kind} ${given}. ${hint}`);
}
