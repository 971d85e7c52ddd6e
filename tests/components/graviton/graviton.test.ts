import { expect } from "chai";
import * as fc from "fast-check";
import { graviton5Families } from "../../../components/graviton/families";
import {
  type Architecture,
  architectureOf,
  type EmrSupport,
  type Equivalent,
  emrEquivalent,
  emrSupport,
  emrSupports,
  gravitonEquivalent,
  gravitonFamilies,
  isGraviton,
} from "../../../components/graviton/index";
import fixture from "../../fixtures/instanceTypes.json";

interface Hardware {
  architecture: Architecture;
  vcpus: number;
  memory: number;
  disk: number;
}

const words = (text: string) => text.split(" ");

/** Every type of EC2's own table. */
const table = new Map<string, Hardware>();
for (const architecture of ["arm64", "x86_64"] as const) {
  for (const [family, sizes] of Object.entries(fixture.ec2[architecture])) {
    for (const entry of words(sizes)) {
      const [size, vcpus, memory, disk] = entry.split(":");
      const hardware = { vcpus: Number(vcpus), memory: Number(memory), disk: Number(disk ?? 0) };
      table.set(`${family}.${size}`, { architecture, ...hardware });
    }
  }
}

const architectureByFamily = new Map([...table].map(([type, { architecture }]) => [familyOf(type), architecture]));

function hardwareOf(type: string): Hardware {
  const hardware = table.get(type);
  if (hardware === undefined) throw new Error(`${type} does not exist`);
  return hardware;
}

function familyOf(type: string): string {
  return type.split(".")[0] ?? "";
}

describe("architectureOf", () => {
  it("recognizes all 1395 types of EC2's table without an error, 426 of them arm64", () => {
    const wrong = [...table].filter(([type, { architecture }]) => architectureOf(type) !== architecture);
    expect(wrong.map(([type]) => type)).to.deep.equal([]);
    expect([...table.values()].map(({ architecture }) => architecture === "arm64").filter(Boolean)).to.have.length(426);
    expect(table).to.have.property("size", 1395);
  });

  it("recognizes the families like their types", () => {
    const families = [...architectureByFamily].filter(([family, known]) => architectureOf(family) !== known);
    expect(families).to.deep.equal([]);
  });

  it("recognizes every name in botocore's enum that the table lacks", () => {
    const names = words(fixture.names.EC2);
    expect(names).to.have.length(42);
    expect(names.filter((name) => architectureOf(name) === "unknown")).to.deep.equal([]);
    const arm64 = names.filter((name) => architectureOf(name) === "arm64");
    expect(arm64).to.deep.equal(["m9g.metal-24xl", "m9gd.metal-24xl", "p6e-gb200.36xlarge"]);
  });

  for (const [service, count] of [
    ["GameLift", 539],
    ["OpenSearch", 161],
    ["SageMaker", 437],
    ["ElastiCache", 78],
    ["RDS", 8],
  ] as const) {
    it(`recognizes the ${count} names of ${service} like EC2's families, and says unknown for its own ones`, () => {
      const names = words(fixture.names[service]);
      expect(names).to.have.length(count);
      const wrong = names.filter((name) => {
        const family = familyOf(name.replace(/^(?:cache|db|ml)\./, ""));
        const known = architectureByFamily.get(family);
        return known === undefined ? !isTold(name) : architectureOf(name) !== known;
      });
      expect(wrong).to.deep.equal([]);
    });
  }

  /** Families that EC2 does not have today: older ones are x86, `x2g` is RDS's, the rest are services' own. */
  function isTold(name: string): boolean {
    if (/^(?:or1|ultrawarm1)\.|^ml\.geospatial\.|^system$/.test(name)) return architectureOf(name) === "unknown";
    const arm64 = /^db\.x2g\.|^ml\.p6e-gb200\./.test(name);
    return architectureOf(name) === (arm64 ? "arm64" : "x86_64");
  }

  const forms: Record<Architecture, string[]> = {
    arm64: [
      ...["db.x2g.large", "express.m7g.large", "kafka.m7g.large", "mq.m7g.large", "cache.t4g.micro", "ml.c7g.xlarge"],
      ...[
        "m6g.large.search",
        "dms.r7g.large",
        "m10g.large",
        "c12gdn.metal-96xl",
        "a1",
        "mac-m9.metal",
        "default_arm64",
      ],
      ...["p6e-gb200.36xlarge"],
    ],
    x86_64: [
      ...["db.r5.2xlarge.tpc2.mem8x", "dax.r5.large", "dms.c6i.large", "m3.medium.elasticsearch", "m10i-flex.large"],
      ...["g7e.2xlarge", "p6-b200.48xlarge", "u-6tb1.metal", "u7inh-32tb.480xlarge", "mac1.metal", "trn3.48xlarge"],
      ...["optimal", "default_x86_64"],
    ],
    unknown: [
      ...["or1.large.search", "or2.medium.search", "om2.large.search", "oi2.large.search", "ultrawarm1.medium.search"],
      ...["ra3.4xlarge", "dc2.large", "serverless", "db.serverless", "db.influx.medium", "", "hello world", "m5."],
      ...["${instanceType}", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "M5.large", "s3.amazonaws.com", "n2d-standard-4"],
    ],
  };
  for (const [architecture, types] of Object.entries(forms)) {
    for (const type of types) {
      it(`recognizes "${type}" as ${architecture}`, () => expect(architectureOf(type)).to.equal(architecture));
    }
  }

  it("accepts any text, and never treats text without a digit as a type", () => {
    fc.assert(fc.property(fc.string(), (text) => /\d/.test(text) || architectureOf(text) === "unknown"));
  });
});

describe("isGraviton", () => {
  it("is true for AWS's own processors: all of EC2's arm64 types except Apple's", () => {
    const others = [...table]
      .filter(([type, { architecture }]) => architecture === "arm64" && !isGraviton(type))
      .map(([type]) => familyOf(type));
    expect(others).to.have.members(words(fixture.notGraviton));
  });

  it("is false for NVIDIA's Grace, x86 and unknown processors", () => {
    const types = ["p6e-gb200.36xlarge", "ml.p6e-gb200.36xlarge", "m7i.large", "optimal", "or1.large.search", ""];
    expect(types.filter(isGraviton)).to.deep.equal([]);
    expect(["default_arm64", "m7g", "db.m7g.large"].filter(isGraviton)).to.have.length(3);
  });
});

describe("gravitonEquivalent", () => {
  const x86 = [...table.keys()].filter((type) => hardwareOf(type).architecture === "x86_64");
  const targets = x86.flatMap((type) => gravitonEquivalent(type)?.type ?? []);

  it("finds an existing Graviton type for 814 of 969 x86 types", () => {
    expect(targets.filter((type) => !table.has(type) || !isGraviton(type))).to.deep.equal([]);
    expect([targets.length, x86.length]).to.deep.equal([814, 969]);
  });

  it("keeps the vCPUs and at least the memory and the disks, or says so", () => {
    const silent = x86.filter((type) => {
      const equivalent = gravitonEquivalent(type);
      if (equivalent === undefined) return false;
      const [before, after, said] = [hardwareOf(type), hardwareOf(equivalent.type), equivalent.caveats.join("; ")];
      return (
        after.vcpus < before.vcpus ||
        (after.vcpus > before.vcpus && !said.includes("vCPUs")) ||
        (after.memory < before.memory && !said.includes("memory")) ||
        (after.disk < before.disk && !said.includes("disks"))
      );
    });
    expect(silent).to.deep.equal([]);
  });

  it("picks no larger size than it must", () => {
    const wasteful = x86.filter((type) => {
      const target = gravitonEquivalent(type)?.type ?? type;
      return [...table].some(
        ([other, { vcpus }]) =>
          familyOf(other) === familyOf(target) &&
          other.includes("metal") === target.includes("metal") &&
          vcpus >= hardwareOf(type).vcpus &&
          vcpus < hardwareOf(target).vcpus &&
          !/^t\d/.test(other),
      );
    });
    expect(wasteful).to.deep.equal([]);
  });

  it("leaves no m, c, r or t family of the third generation or later without one", () => {
    const families = [...new Set(x86.map(familyOf))].filter((name) => /^[mcr][3-9]|^t[2-9]/.test(name));
    expect(families.filter((family) => gravitonEquivalent(family) === undefined)).to.deep.equal([]);
  });

  it("suggests families for families, and says where the large sizes are", () => {
    expect(gravitonEquivalent("m5")).to.deep.equal({ type: "m7g", caveats: ["sizes above 16xlarge are in m8g"] });
    expect(gravitonEquivalent("m8i")).to.deep.equal({ type: "m8g", caveats: [] });
    expect(gravitonEquivalent("db.t3")?.type).to.equal("db.t4g");
  });

  const examples: Record<string, Equivalent["type"] | undefined> = {
    "m5.large": "m7g.large",
    "c5.9xlarge": "c7g.12xlarge",
    "r6i.24xlarge": "r8g.24xlarge",
    "m5.metal": "m8g.metal-24xl",
    "i3.metal": "i8g.metal-24xl",
    "r5b.large": "r8gb.large",
    "c6in.large": "c7gn.large",
    "c6in.24xlarge": "c8gn.24xlarge",
    "z1d.3xlarge": "r8gd.4xlarge",
    "m8i.96xlarge": undefined,
    "g4dn.12xlarge": undefined,
    "d3.xlarge": undefined,
    "p5.48xlarge": undefined,
    "m7g.large": undefined,
    "mac1.metal": undefined,
    "or1.large.search": undefined,
    "no type": undefined,
    optimal: "default_arm64",
    "db.m5.large": "db.m7g.large",
    "db.m5d.24xlarge": "db.m8gd.24xlarge",
    "db.x2iedn.xlarge": "db.x2g.xlarge",
    "db.m3.medium": "db.m6gd.large",
    "db.r5.2xlarge.tpc2.mem8x": undefined,
    "db.m7i.metal-24xl": undefined,
    "cache.r5.large": "cache.r7g.large",
    "cache.m5.24xlarge": undefined,
    "kafka.m5.large": "kafka.m7g.large",
    "kafka.t3.small": undefined,
    "mq.m5.large": "mq.m7g.large",
    "dax.r5.large": undefined,
    "dms.c5.large": undefined,
    "c5.9xlarge.search": "c7g.12xlarge.search",
    "i3.large.search": undefined,
    "m5.large.elasticsearch": "m6g.large.elasticsearch",
    "ml.m5.large": "ml.m8g.large",
    "ml.g4dn.xlarge": undefined,
  };
  for (const [type, expected] of Object.entries(examples)) {
    it(`suggests ${expected ?? "nothing"} for ${type}`, () =>
      expect(gravitonEquivalent(type)?.type).to.equal(expected));
  }

  for (const service of ["SageMakerEndpoint", "ElastiCache"] as const) {
    it(`suggests a type that ${service} has for every x86 type that it has`, () => {
      const names = new Set(words(fixture.names[service]));
      const equivalents = [...names].flatMap((name) => gravitonEquivalent(name)?.type ?? []);
      expect(equivalents).to.have.length.above(30);
      expect(equivalents.filter((name) => !names.has(name))).to.deep.equal([]);
    });
  }

  it("says what is lost in bandwidth, memory, disks and clock", () => {
    const caveats = (type: string) => gravitonEquivalent(type)?.caveats;
    expect(caveats("m5dn.large")).to.deep.equal(["it has less network bandwidth than m5dn"]);
    expect(caveats("m8idb.large")).to.deep.equal(["it has less EBS bandwidth than m8idb"]);
    expect(caveats("c5n.large")).to.deep.equal(["it has 2 GiB of memory for each vCPU, where c5n has 2.6"]);
    expect(caveats("z1d.large")).to.deep.equal(["its clock is lower, which slows single-threaded work"]);
    expect(caveats("x1.32xlarge")).to.include("it has no disks of its own");
    expect(caveats("c5.9xlarge")).to.deep.equal(["it has 48 vCPUs, where c5.9xlarge has 36"]);
    expect(caveats("m5n.large")).to.deep.equal([]);
  });

  it("says if only a part of a service runs on Graviton", () => {
    const caveats = (type: string) => gravitonEquivalent(type)?.caveats.join() ?? "";
    expect(caveats("mq.m5.large")).to.include("RabbitMQ");
    expect(caveats("db.m5.large")).to.include("Oracle");
    expect(caveats("ml.m5.large")).to.include("endpoints");
    expect(caveats("m5.large.search")).to.include("7.9");
    expect(gravitonEquivalent("cache.m5.large")?.caveats).to.deep.equal([]);
  });
});

describe("graviton5Families", () => {
  it("holds Graviton families of the ninth generation for every workload", () => {
    expect(Object.keys(graviton5Families)).to.have.members(Object.keys(gravitonFamilies));
    const families: string[] = Object.values(graviton5Families).flat();
    expect(families.filter((family) => !isGraviton(family) || !architectureByFamily.has(family))).to.deep.equal([]);
    expect(families.filter((family) => !/^[a-z]9/.test(family))).to.deep.equal([]);
  });
});

describe("gravitonFamilies", () => {
  it("holds families of EC2 that are Graviton, and that EMR runs on", () => {
    const families = Object.values(gravitonFamilies).flat();
    expect(families.filter((family) => !isGraviton(family) || !architectureByFamily.has(family))).to.deep.equal([]);
    expect(families.filter((family) => !emrSupports("emr-7.14.0", `${family}.xlarge`))).to.deep.equal([]);
  });
});

describe("emrEquivalent", () => {
  const replaced = [...table.keys()].flatMap((type) => {
    const equivalent = emrEquivalent(type);
    return equivalent ? [{ type, equivalent }] : [];
  });

  it("suggests only existing types that EMR runs on, and names the releases that do", () => {
    expect(replaced.length).to.be.greaterThan(400);
    for (const { type, equivalent } of replaced) {
      expect(table.has(equivalent.type), `${equivalent.type} for ${type}`).to.equal(true);
      const needed = equivalent.caveats.flatMap(
        (caveat) => /^needs (.+) or later$/.exec(caveat)?.[1]?.split(", ") ?? [],
      );
      expect(needed, type).not.to.deep.equal([]);
      for (const label of needed) {
        expect(emrSupports(label, equivalent.type), `${equivalent.type} on ${label}`).to.equal(true);
      }
    }
  });

  it("suggests nothing smaller than xlarge, and says so", () => {
    expect(emrEquivalent("m4.large")?.type).to.equal("m7g.xlarge");
    expect(emrEquivalent("m4.large")?.caveats).to.include("EMR has no smaller size");
    expect(emrEquivalent("m5.xlarge")?.caveats).not.to.include("EMR has no smaller size");
  });

  it("suggests nothing if EMR has no equivalent, or if nothing needs to be replaced", () => {
    for (const type of ["i3en.xlarge", "m5n.xlarge", "p4d.24xlarge", "m5", "optimal", "m7g.xlarge", "toaster"]) {
      expect(emrEquivalent(type), type).to.equal(undefined);
    }
  });
});

describe("emrSupports", () => {
  const releases = words(fixture.emr.releases);
  const labelOf = (release: string) => `emr-${release}`;
  const listed = new Map<string, { sizes: string[]; releases: string[] }>();
  for (const group of fixture.emr.families) {
    for (const entry of words(group.families)) {
      const [family = "", sizes = ""] = entry.split(":");
      listed.set(family, { sizes: sizes.split(","), releases: words(group.releases) });
    }
  }
  const types = [...table.keys(), ...words(fixture.names.EC2)].filter(isGraviton);

  it("agrees with AWS on all 420 Graviton types in all 145 releases", () => {
    const wrong = releases.flatMap((release) =>
      types
        .filter((type) => {
          const [family = "", size = ""] = type.split(".");
          const known = listed.get(family);
          const expected = known?.releases.includes(release) === true && known.sizes.includes(size);
          return emrSupports(labelOf(release), type) !== expected;
        })
        .map((type) => `${type} on ${release}`),
    );
    expect(wrong).to.deep.equal([]);
    expect([releases.length, types.length]).to.deep.equal([145, 420]);
  });

  it("supports r8gn and r8gb in all releases with arm64 but one, and r8gb up to 24xlarge only", () => {
    const withArm64 = releases.filter((release) => emrSupports(labelOf(release), "m6g.xlarge"));
    expect(withArm64).to.have.lengthOf(53);
    for (const type of ["r8gn.xlarge", "r8gb.xlarge"]) {
      expect(withArm64.filter((release) => !emrSupports(labelOf(release), type))).to.deep.equal(["6.10.0"]);
    }
    expect(releases.filter((release) => emrSupports(labelOf(release), "r8gb.48xlarge"))).to.deep.equal([]);
  });

  it("accepts types that a release newer than its table may support", () => {
    expect(emrSupports("emr-7.14.0", "m9g.xlarge")).to.equal(false);
    expect(emrSupports("emr-7.15.0", "m9g.xlarge")).to.equal(true);
    expect(emrSupports("emr-9.0.0", "m9g.xlarge")).to.equal(true);
    expect(emrSupports("emr-7.15.0", "m9g.large")).to.equal(false);
  });

  const reasons: [label: string, type: string, reason: string][] = [
    ["emr-7.0.0", "r8gd.xlarge", "emr-7.0.0 does not support r8gd; write emr-7.1.0 or later, or an older family"],
    ["emr-5.36.1", "c8gn.xlarge", "emr-5.36.1 does not support c8gn; write emr-5.36.2 or later, or an older family"],
    ["emr-6.10.0", "r8gn.xlarge", "emr-6.10.0 does not support r8gn; write emr-6.10.1 or later, or an older family"],
    ["emr-5.18.0", "r8gn.xlarge", "emr-5.18.0 does not support r8gn; write emr-5.30.0 or later, or an older family"],
    [
      "emr-7.14.0",
      "r8gb.48xlarge",
      "on EMR, r8gb has no such size; write xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge or 24xlarge",
    ],
    ["emr-7.1.0", "m7g.large", "m7g.large is too small for EMR; write m7g.xlarge or larger"],
    ["emr-7.1.0", "m7g.metal", "EMR does not run on bare metal such as m7g.metal; write m7g.16xlarge"],
    ["emr-7.1.0", "m7g", "m7g has no size; write m7g.xlarge"],
    ["emr-7.1.0", "t4g.2xlarge", "no EMR release known here runs on t4g; write a type such as m7g.xlarge"],
    ["emr-7.1.0", "m5.xlarge", "m5.xlarge is x86_64, not Graviton; write one such as m7g.xlarge"],
  ];
  for (const [label, type, reason] of reasons) {
    it(`says why ${label} does not run on ${type}`, () =>
      expect(emrSupport(label, type)).to.deep.equal({ supported: false, reason } satisfies EmrSupport));
  }

  for (const label of ["7.1.0", "emr-7.1", "emr-7.1.0-latest", "EMR-7.1.0", ""]) {
    it(`refuses the label "${label}" and says what to write`, () =>
      expect(() => emrSupports(label, "m7g.xlarge")).to.throw(`"${label}" is incomplete; write one such as emr-7.1.0`));
  }
});
