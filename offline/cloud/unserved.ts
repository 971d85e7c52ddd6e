import type { Graph } from "../engine/graph";
import { listNames } from "./core/names";
import { isGiven, ownResources, type Settings } from "./core/resources";
import type { Service } from "./core/service";
import type { Change } from "./core/types";

const FUNCTION = "aws:lambda/function:Function";

/** Resources of a program that nothing here serves. A service that comes to serve them takes its row out. */
interface Row {
  types: string[];
  /** Such as `schedule`. */
  noun: string;
  /** @default the noun and an `s` */
  plural?: string;
  /** What becomes of one of them, and of several. */
  fate: readonly [one: string, several: string];
  /** What to do about it. */
  instead: string;
  /** The signing name of their service: with an endpoint of its own, it is served. */
  service?: string;
  /** Which of them are meant. @default all */
  applies?(settings: Settings): boolean;
}

const NOT_SERVED = ["is not served", "are not served"] as const;
const NOT_EMULATED = ["is not emulated", "are not emulated"] as const;
const DOES_NOT_RUN = ["does not run", "do not run"] as const;
const RUN_ONE = "run one on this machine, and give the program its address";

/** A service whose API the program calls, by its signing name. */
function called(service: string, type: string, noun: string, plural?: string): Row {
  const instead = `calls to ${service} fail unless --endpoint ${service}=URL sends them elsewhere`;
  return { types: [type], noun, plural, fate: NOT_EMULATED, instead, service };
}

/** A function that runs in another way than in the cloud. */
function runs([one, several = one]: [string, string?], instead: string, applies: Row["applies"]): Row {
  return { types: [FUNCTION], noun: "function", fate: [`runs ${one}`, `run ${several}`], instead, applies };
}

const rows: Row[] = [
  runs(
    ["without its file system", "without their file systems"],
    "the mount path is a folder of this machine, if there is one",
    ({ fileSystemConfig }) => isGiven(fileSystemConfig),
  ),
  runs(
    ["without durable execution"],
    "run the handler with LocalDurableTestRunner of @aws/durable-execution-sdk-js-testing",
    ({ durableConfig }) => isGiven(durableConfig),
  ),
  runs(
    ["one call at a time in a process"],
    "on managed instances, calls share a process at the same time, and the code must allow for that",
    ({ capacityProviderConfig }) => isGiven(capacityProviderConfig),
  ),
  called("firehose", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "Firehose stream"),
  called("states", "aws:sfn/stateMachine:StateMachine", "state machine"),
  called("cognito-idp", "aws:cognito/userPool:UserPool", "Cognito user pool"),
  {
    types: ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"],
    noun: "database",
    fate: NOT_EMULATED,
    instead: RUN_ONE,
  },
  {
    types: [
      "aws:elasticache/cluster:Cluster",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:elasticache/serverlessCache:ServerlessCache",
    ],
    noun: "cache",
    fate: NOT_EMULATED,
    instead: RUN_ONE,
  },
  { types: ["aws:opensearch/domain:Domain"], noun: "OpenSearch domain", fate: NOT_EMULATED, instead: RUN_ONE },
  { types: ["aws:msk/cluster:Cluster"], noun: "Kafka cluster", fate: NOT_EMULATED, instead: RUN_ONE },
  {
    types: [
      "aws:ecs/service:Service",
      "aws:apprunner/service:Service",
      "awsx:ecs:FargateService",
      "awsx:ecs:EC2Service",
    ],
    noun: "container service",
    fate: DOES_NOT_RUN,
    instead: "run the container on this machine",
  },
  {
    types: ["aws:appsync/graphQLApi:GraphQLApi"],
    noun: "AppSync API",
    fate: NOT_SERVED,
    instead: "only REST and HTTP APIs are",
  },
  {
    types: ["aws:elb/loadBalancer:LoadBalancer", "awsx:lb:ApplicationLoadBalancer", "awsx:lb:NetworkLoadBalancer"],
    noun: "load balancer",
    fate: NOT_SERVED,
    instead: "call its targets directly",
  },
];

/** Names what a program has and nothing here serves. */
export class Unserved implements Service {
  problems: string[] = [];

  /** @param endpoints where the requests of services are sent, by their signing names */
  constructor(private readonly endpoints: Record<string, string>) {}

  reconcile(graph: Graph): Change[] {
    const elsewhere = ({ service }: Row) => service !== undefined && Object.hasOwn(this.endpoints, service);
    this.problems = rows.filter((row) => !elsewhere(row)).flatMap((row) => describe(row, graph));
    return [];
  }
}

/** One sentence, or none: `1 load balancer is not served (web): call its targets directly`. */
function describe({ types, noun, plural = `${noun}s`, fate, instead, applies }: Row, graph: Graph): string[] {
  const resources = types
    .flatMap((type) => ownResources(graph, type))
    .filter(({ settings }) => applies?.(settings) ?? true);
  if (resources.length === 0) return [];
  const subject = resources.length === 1 ? `1 ${noun} ${fate[0]}` : `${resources.length} ${plural} ${fate[1]}`;
  return [`${subject} (${listNames(resources.map(({ name }) => name))}): ${instead}`];
}
