import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { bucketAccess, type DataBucketAccessLevel } from "../../components/data/access";
import { type EmrAccessLevel, emrAccess } from "../../components/emr/cluster/access";
import { eventStreamActions, publishActions, queueActions } from "../../components/messaging/rules/actions";
import { listStreamsActions, streamActions, tableActions } from "../../components/table/rules/actions";
import * as sam from "../fixtures/sam.json";
import { quotedIn, rowsUnder } from "../helpers/documents/markdown";

const document = "docs/from-sam.md";
const templates: Record<string, string[]> = sam.policyTemplates;

/** The actions that `access()` of a component allows. */
const allowed: Record<string, (level: string) => string[]> = {
  table: (level) =>
    level === "stream" ? [...streamActions, ...listStreamsActions] : tableActions[level as keyof typeof tableActions],
  bucket: (level) => {
    const target = { bucketName: pulumi.output("lake"), bucketArn: pulumi.output("arn:aws:s3:::lake") };
    return bucketAccess(level as DataBucketAccessLevel, target, {}).statements.flatMap(({ actions }) => actions);
  },
  queue: (level) => queueActions[level as keyof typeof queueActions],
  topic: () => publishActions,
  stream: (level) => eventStreamActions[level as keyof typeof eventStreamActions],
  cluster: (level) => {
    const target = { clusterId: pulumi.output("j-1"), clusterArn: pulumi.output("arn"), runtimeRoleArns: {} };
    return emrAccess([level as EmrAccessLevel], target, {}).statements.flatMap(({ actions }) => actions);
  },
};

describe("the guide from SAM", () => {
  const rows = rowsUnder(document, "Policy templates").filter(([name]) => quotedIn(name)[0]?.includes("Policy"));
  const rowsByName = new Map(rows.map((row) => [quotedIn(row[0])[0] ?? "", row]));

  it("names each of SAM's policy templates once", () => {
    expect(rows.map(([name]) => quotedIn(name)[0])).to.have.members(Object.keys(templates));
  });

  it("says which actions only SAM's policy templates have", () => {
    const ours = rows.filter(([, here = ""]) => here.includes(".access("));
    expect(ours).to.have.length.above(9);
    for (const [name, here = "", lacking] of ours) {
      const [, resource = "", level = ""] = /`(\w+)\.access\("(\w+)"\)`/.exec(here) ?? [];
      const actions = allowed[resource]?.(level) ?? [];
      const sams = templates[quotedIn(name)[0] ?? ""] ?? [];
      expect(quotedIn(lacking), `${name}, ${here}`).to.have.members(sams.filter((action) => !actions.includes(action)));
    }
  });

  it("lists the actions of the missing ones, or how many there are", () => {
    for (const [name, actions] of Object.entries(templates)) {
      const [, here = ""] = rowsByName.get(name) ?? [];
      if (/^\d+ actions/.test(here)) expect(Number.parseInt(here, 10), name).to.equal(actions.length);
      else if (quotedIn(here)[0]?.includes(":")) expect(quotedIn(here), name).to.have.members(actions);
      else expect(here, name).to.match(/\.access\(|of a|of an|the same/);
    }
  });

  it("names each of SAM's event types once", () => {
    const types = rowsUnder(document, "Event sources").map(([type]) => quotedIn(type)[0]);
    expect(types).to.have.members(sam.events);
  });
});
