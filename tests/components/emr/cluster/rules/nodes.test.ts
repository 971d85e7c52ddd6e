import { expect } from "chai";
import { hasOwnDisks, nodesOf } from "../../../../../components/emr/cluster/rules/nodes";
import { missedFloor } from "../../../../../components/graviton/emrReleases";
import { gravitonFamilies } from "../../../../../components/graviton/families";
import fixture from "../../../../fixtures/instanceTypes.json";

const words = (text: string) => text.split(" ");

/** The types that AWS lists for each release. */
const listed = new Map(words(fixture.emr.releases).map((release) => [release, new Set<string>()]));
for (const { families, releases } of fixture.emr.families) {
  for (const entry of words(families)) {
    const [family = "", sizes = ""] = entry.split(":");
    for (const release of words(releases)) {
      for (const size of sizes.split(",")) listed.get(release)?.add(`${family}.${size}`);
    }
  }
}

const workloads = Object.keys(gravitonFamilies) as (keyof typeof gravitonFamilies)[];
const sizes = ["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"];

describe("nodesOf", () => {
  const typesOf = (args: Parameters<typeof nodesOf>[0]) => nodesOf(args).core.types.map(({ type }) => type);

  it("picks exactly what AWS lists for each release, workload and size", () => {
    const wrong: string[] = [];
    let picked = 0;
    for (const [release, types] of listed) {
      for (const workload of workloads) {
        for (const size of sizes) {
          const expected = gravitonFamilies[workload]
            .map((family) => `${family}.${size}`)
            .filter((type) => types.has(type));
          const found = typesOf({ releaseLabel: `emr-${release}`, workload, core: { size } });
          picked += found.length;
          if (found.join() !== expected.join()) wrong.push(`${release} ${workload} ${size}: ${found}, not ${expected}`);
        }
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(picked).to.be.greaterThan(2500);
  });

  it("has types for every workload in each release since AWS has had storage types on Graviton", () => {
    for (const release of listed.keys()) {
      if (release.startsWith("4.") || missedFloor(release.replace("spark-", ""), ["5.35.0", "6.6.0"])) continue;
      for (const workload of workloads) {
        expect(typesOf({ releaseLabel: `emr-${release}`, workload }), `${release} ${workload}`).not.to.deep.equal([]);
      }
    }
  });

  it("gives a fleet all families, the newest first, and a group only the newest", () => {
    const args = { releaseLabel: "emr-7.10.0" };
    expect(typesOf(args)).to.deep.equal(["m8g.xlarge", "m7g.xlarge", "m6g.xlarge"]);
    expect(typesOf({ ...args, instances: "INSTANCE_GROUP" })).to.deep.equal(["m8g.xlarge"]);
  });

  it("prefers a role's own workload, and its own types to any workload", () => {
    const args = { releaseLabel: "emr-7.10.0", workload: "cpu" } as const;
    expect(typesOf(args)[0]).to.equal("c8g.xlarge");
    expect(typesOf({ ...args, core: { workload: "memory" } })[0]).to.equal("r8g.xlarge");
    expect(typesOf({ ...args, core: { instanceTypes: ["x2gd.xlarge"] } })).to.deep.equal(["x2gd.xlarge"]);
  });

  it("counts larger types by their vCPUs, rounded down, and primary nodes as one each", () => {
    const instanceTypes = ["m7g.8xlarge", "m7g.12xlarge", "m7g.16xlarge", "m8g.48xlarge"];
    const { primary, core } = nodesOf({
      releaseLabel: "emr-7.10.0",
      primary: { instanceTypes },
      core: { instanceTypes },
    });
    expect(core.types.map(({ weight }) => weight)).to.deep.equal([1, 1, 2, 6]);
    expect(primary.types.map(({ weight }) => weight)).to.deep.equal([1, 1, 1, 1]);
  });

  it("has one primary and one core node, and no task nodes, by default", () => {
    const { primary, core, task } = nodesOf({ releaseLabel: "emr-7.10.0" });
    expect([primary.onDemand, primary.spot, core.onDemand, core.spot, task]).to.deep.equal([1, 0, 1, 0, undefined]);
  });

  it("has three primary nodes if the cluster must survive the loss of one", () => {
    expect(nodesOf({ releaseLabel: "emr-7.10.0", highAvailability: true }).primary.onDemand).to.equal(3);
  });

  it("has no On-Demand units with Spot units, by default", () => {
    const spot = nodesOf({ releaseLabel: "emr-7.10.0", core: { spot: 4 }, task: { spot: 2, onDemand: 1 } });
    expect([spot.core.onDemand, spot.core.spot]).to.deep.equal([0, 4]);
    expect([spot.task?.onDemand, spot.task?.spot]).to.deep.equal([1, 2]);
  });
});

describe("hasOwnDisks", () => {
  it("agrees with AWS on every Graviton type", () => {
    const wrong = Object.entries(fixture.ec2.arm64).flatMap(([family, entries]) =>
      words(entries).flatMap((entry) => {
        const [size, , , disks] = entry.split(":");
        return /^mac|gb200/.test(family) || hasOwnDisks(`${family}.${size}`) === (disks !== undefined)
          ? []
          : [`${family}.${size}`];
      }),
    );
    expect(wrong).to.deep.equal([]);
  });
});
