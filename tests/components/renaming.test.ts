import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { componentOf, examples } from "../helpers/components/examples";
import { computed, lookedUp } from "../helpers/components/mocks";

/** A resource under the name that it had before its component was renamed. */
interface Deployed {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Texts for people, which AWS changes in place: inputs by the resources' types. */
const changedInPlace: Record<string, string[]> = {
  "aws:cloudwatch/eventRule:EventRule": ["description"],
  // The name of the jobs that it submits from now on.
  "aws:cloudwatch/eventTarget:EventTarget": ["batchTarget"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarmDescription"],
  "aws:iot/topicRule:TopicRule": ["description"],
  "aws:kms/key:Key": ["description"],
  "aws:lambda/function:Function": ["description"],
  "aws:scheduler/schedule:Schedule": ["target"],
  // The name of its metrics.
  "aws:wafv2/webAcl:WebAcl": ["visibilityConfig"],
};

type Options = pulumi.ComponentResourceOptions;

/**
 * Deploys a component over what was deployed before. As in Pulumi, a child is found by its parent's alias, so AWS's
 * names, ids and ARNs stay, and ignored inputs are those that it was created with.
 */
async function deploy(type: string, name: string, args: object, opts: Options, before: Deployed[] = []) {
  const deployed: Deployed[] = [];
  const ignored = new Map<string, string[]>();
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        const one = { type: resource.type, name: original(resource.name), inputs: { ...resource.inputs } };
        const earlier = before.find((other) => placeOf(other) === placeOf(one));
        for (const input of ignored.get(placeOf(one)) ?? []) {
          if (earlier) one.inputs[input] = earlier.inputs[input];
        }
        deployed.push(one);
        return { id: `${one.name}-id`, state: { ...computed(one), ...one.inputs } };
      },
      call: ({ inputs }) => ({ ...lookedUp, ...inputs }),
    },
    "project",
    "stack",
    false,
  );
  const note: pulumi.ResourceTransformation = (child) => {
    ignored.set(placeOf({ type: child.type, name: original(child.name) }), child.opts.ignoreChanges ?? []);
    return undefined;
  };
  new (componentOf(type))(name, args, { ...opts, transformations: [note] });
  await pulumi.runtime.disconnect();
  return deployed;
}

function placeOf({ type, name }: Pick<Deployed, "type" | "name">): string {
  return `${type} ${name}`;
}

function original(name: string): string {
  return name.replace(/^renamed(?![a-z])/, "old");
}

describe("renaming with an alias", () => {
  for (const [index, [type, args]] of examples.entries()) {
    it(`replaces nothing and deletes nothing: ${type}, example ${index}`, async () => {
      const before = await deploy(type, "old", args, {});
      const after = await deploy(type, "renamed", args, { aliases: [{ name: "old" }] }, before);
      expect(after.map(placeOf)).to.have.members(before.map(placeOf));
      const changes = after.flatMap((resource) => {
        const earlier = before.find((one) => placeOf(one) === placeOf(resource));
        return Object.keys({ ...earlier?.inputs, ...resource.inputs })
          .filter((input) => !isDeepStrictEqual(earlier?.inputs[input], resource.inputs[input]))
          .filter((input) => !changedInPlace[resource.type]?.includes(input))
          .map((input) => `${placeOf(resource)} ${input}`);
      });
      expect(changes).to.deep.equal([]);
    });
  }

  it("keeps what is made from the first of several names, and of a URN", async () => {
    const [[, args] = ["", {}]] = examples.filter(([type]) => type === "JobImage");
    const tag = async (name: string, aliases: Options["aliases"] = []) => {
      const all = await deploy("JobImage", name, args, { aliases });
      return all.find(({ type }) => type === "awsx:ecr:Image")?.inputs.imageTag;
    };
    const before = await tag("old");
    expect(before).to.match(/^old-/);
    expect(await tag("renamed", [{ name: "old" }, { name: "other" }])).to.equal(before);
    expect(await tag("renamed", ["urn:pulumi:stack::project::graviton:index:JobImage::old"])).to.equal(before);
    expect(await tag("renamed", [{ parent: pulumi.rootStackResource }])).to.match(/^renamed-/);
  });
});
