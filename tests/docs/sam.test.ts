import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { accessTo, type FunctionAccess } from "../../components";
import { bucketAccess, type DataBucketAccessLevel } from "../../components/data/access";
import { type EmrAccessLevel, emrAccess } from "../../components/emr/cluster/access";
import { type InstanceAccessLevel, instanceAccess } from "../../components/instances/access";
import { invokeAccess } from "../../components/lambda/access";
import { eventStreamActions, publishActions, queueActions } from "../../components/messaging/rules/actions";
import { type TableAccessLevel, tableAccess } from "../../components/table/access";
import * as sam from "../fixtures/sam.json";
import { startMocks } from "../helpers/components/mocks";
import { quotedIn, rowsUnder } from "../helpers/documents/markdown";

const document = "docs/from-sam.md";
const templates: Record<string, string[]> = sam.policyTemplates;

const tag = { key: "office", value: "yes" };

/** What each function of `accessTo` takes first. */
const identities: Record<string, unknown> = {
  queue: "arn:aws:sqs:eu-west-1:123456789012:orders",
  topic: "arn:aws:sns:eu-west-1:123456789012:news",
  stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
  deliveryStream: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/lake",
  eventBus: "arn:aws:events:eu-west-1:123456789012:event-bus/shop",
  stateMachine: "arn:aws:states:eu-west-1:123456789012:stateMachine:etl",
  lambdaFunction: "arn:aws:lambda:eu-west-1:123456789012:function:orders",
  secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token",
  parameters: "/path",
  key: "arn:aws:kms:eu-west-1:123456789012:key/0a",
  instances: tag,
};

function actionsOf({ statements }: FunctionAccess): string[] {
  return statements.flatMap(({ actions }) => actions);
}

/** The actions that a call in the guide allows, such as `queue.access("send")` or `accessTo.queue(arn, "send")`. */
function allowedBy(call: string): string[] {
  const [, component = "", own = ""] = /^(\w+)\.access\("(\w+)"\)$/.exec(call) ?? [];
  if (component) return allowed[component]?.(own) ?? [];
  const [, helper = "", level] = /^accessTo\.(\w+)\((?:\w+|"[^"]*")(?:, "(\w+)")?\)$/.exec(call) ?? [];
  const helpers = accessTo as unknown as Record<string, (identity: unknown, level?: string) => FunctionAccess>;
  const give = helpers[helper];
  if (!give) throw new Error(`the guide has the unknown call ${call}`);
  return actionsOf(give(identities[helper], level));
}

/** The actions that `access()` of a component allows. */
const allowed: Record<string, (level: string) => string[]> = {
  table: (level) => {
    const target = { tableName: pulumi.output("a"), tableArn: pulumi.output("arn"), streamArn: pulumi.output("arn") };
    return actionsOf(tableAccess(level as TableAccessLevel, target, {}));
  },
  bucket: (level) => {
    const target = { bucketName: pulumi.output("lake"), bucketArn: pulumi.output("arn:aws:s3:::lake") };
    return actionsOf(bucketAccess(level as DataBucketAccessLevel, target, {}));
  },
  queue: (level) => queueActions[level as keyof typeof queueActions],
  topic: () => publishActions,
  stream: (level) => eventStreamActions[level as keyof typeof eventStreamActions],
  cluster: (level) => {
    const target = { clusterId: pulumi.output("j-1"), clusterArn: pulumi.output("arn"), runtimeRoleArns: {} };
    return actionsOf(emrAccess([level as EmrAccessLevel], target, {}));
  },
  handler: () => actionsOf(invokeAccess("arn", {})),
  schedule: (level) => actionsOf(instanceAccess([level as InstanceAccessLevel], tag, {})),
};

describe("the guide from SAM", () => {
  before(() => startMocks());

  const rows = rowsUnder(document, "Policy templates").filter(([name]) => quotedIn(name)[0]?.includes("Policy"));
  const rowsByName = new Map(rows.map((row) => [quotedIn(row[0])[0] ?? "", row]));

  it("names each of SAM's policy templates once", () => {
    expect(rows.map(([name]) => quotedIn(name)[0])).to.have.members(Object.keys(templates));
  });

  it("says which actions only SAM's policy templates have", () => {
    const ours = rows.filter(([, here = ""]) => /\.access\(|accessTo\./.test(here));
    expect(ours).to.have.length.above(29);
    for (const [name, here = "", lacking] of ours) {
      const sams = templates[quotedIn(name)[0] ?? ""] ?? [];
      for (const call of quotedIn(here).filter((quoted) => /^\w+\.\w+\(/.test(quoted))) {
        const actions = allowedBy(call);
        expect(quotedIn(lacking), `${name}, ${call}`).to.have.members(
          sams.filter((action) => !actions.includes(action)),
        );
      }
    }
  });

  it("lists the actions of the missing ones, or how many there are", () => {
    for (const [name, actions] of Object.entries(templates)) {
      const [, here = ""] = rowsByName.get(name) ?? [];
      if (/^\d+ actions/.test(here)) expect(Number.parseInt(here, 10), name).to.equal(actions.length);
      else if (quotedIn(here)[0]?.includes(":")) expect(quotedIn(here), name).to.have.members(actions);
      else expect(here, name).to.match(/\.access\(|accessTo\.|of a|of an|the same/);
    }
  });

  it("names each of SAM's event types once", () => {
    const types = rowsUnder(document, "Event sources").map(([type]) => quotedIn(type)[0]);
    expect(types).to.have.members(sam.events);
  });
});
