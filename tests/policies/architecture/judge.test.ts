import { expect } from "chai";
import { judge, type Kind } from "../../../policies/architecture/judge";
import { kinds } from "./cases";

const orExempt = "choose another or add an exemption to the policy's configuration";

const problem = (kind: Kind, value: unknown) => judge(kind, value)?.problem;

function expectAccepted(kind: Kind, values: string[]): void {
  for (const value of values) expect(judge(kind, value), value).to.equal(undefined);
}

/** What to write instead, by value; undefined if there is no equivalent. */
function expectRefused(kind: Kind, values: Record<string, string | undefined>): void {
  for (const [value, instead] of Object.entries(values)) {
    const advice = instead ? `write ${instead} instead` : "Graviton has no equivalent";
    expect(problem(kind, value), value).to.match(
      new RegExp(`^is ${escapePattern(value)}, which is not arm64: ${escapePattern(advice)}[., ]`),
    );
    expect(judge(kind, value)?.isUncertain, value).to.equal(undefined);
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

describe("the judgement of an instance type", () => {
  const kind = "instanceType";

  it("accepts Graviton types and families, and Batch's name for them", () => {
    expectAccepted(kind, [
      "m7g.large",
      "c7gn.16xlarge",
      "t4g.nano",
      "x2gd.metal",
      "a1.medium",
      "g5g.xlarge",
      "m8g",
      "im4gn",
    ]);
    expectAccepted(kind, ["default_arm64", "m99g.large"]);
  });

  it("suggests the Graviton equivalent of a type, a family or one of Batch's names", () => {
    expectRefused(kind, { "m5.large": "m7g.large", c5: "c7g", "t3.micro": "t4g.micro" });
    expectRefused(kind, { optimal: "default_arm64", default_x86_64: "default_arm64" });
  });

  it("says so if there is no equivalent", () => {
    expectRefused(kind, { "p4d.24xlarge": undefined, "u-6tb1.metal": undefined, "d3.xlarge": undefined });
    expect(problem(kind, "g5.xlarge")).to.equal(
      `is g5.xlarge, which is not arm64: Graviton has no equivalent, so ${orExempt}.`,
    );
  });

  it("says what is different", () => {
    expect(problem(kind, "t2.micro")).to.match(/: write t4g\.micro instead \(it has 2 vCPUs.+\)\.$/);
  });

  it("refuses Apple's and NVIDIA's arm64", () => {
    for (const type of ["mac2.metal", "mac-m4.metal", "mac2-m2pro.metal", "p6e-gb200.36xlarge"]) {
      expect(judge(kind, type), type).to.deep.equal({
        problem: `is ${type}, which is arm64 but not Graviton: ${orExempt}.`,
      });
    }
  });

  it("accepts only patterns that match nothing but Graviton", () => {
    expectAccepted(kind, ["m7g.*", "m7g*", "m7g.*large", "c6gn.*", "t4g.*", "i8g*"]);
    for (const pattern of ["*", "m7*", "m*", "m5.*", "*.large", "*7g.large", "mac2.*", "p6e-gb200.*", "r5*"]) {
      const expected = `is ${pattern}, which allows more than Graviton: write Graviton families, such as m7g.*.`;
      expect(judge(kind, pattern), pattern).to.deep.equal({ problem: expected });
    }
  });

  it("is uncertain about a name that does not reveal the architecture", () => {
    for (const type of ["or1.large.search", "large", "M5.LARGE", "toaster"]) {
      expect(judge(kind, type), type).to.deep.equal({
        problem: `is ${type}, which does not reveal the architecture.`,
        isUncertain: true,
      });
    }
  });
});

describe("the judgement of EMR's instance types", () => {
  const kind = "emrInstanceType";

  it("accepts Graviton", () => expectAccepted(kind, ["m7g.xlarge", "r8g.16xlarge"]));

  it("suggests a type that EMR supports, and names the releases that do", () => {
    expectRefused(kind, { "m5.xlarge": "m7g.xlarge", "m4.large": "m7g.xlarge", "i3en.xlarge": undefined });
    expect(problem(kind, "m5.xlarge")).to.contain("(needs emr-5.36.1, emr-6.10.0 or later)");
  });

  it("is uncertain about a name that does not reveal the architecture", () => {
    expect(judge(kind, "toaster")?.isUncertain).to.equal(true);
  });
});

describe("the judgement of a managed service's type", () => {
  const kind = "managedInstanceType";

  it("accepts Graviton types of every service", () => {
    expectAccepted(kind, ["db.r7g.large", "cache.t4g.micro", "kafka.m7g.large", "m7g.large.search", "ml.m8g.large"]);
    expectAccepted(kind, ["mq.m7g.large", "r6g.large.elasticsearch", "express.m7g.large"]);
  });

  it("suggests types in the service's notation", () => {
    expectRefused(kind, {
      "db.r5.large": "db.r7g.large",
      "cache.t3.micro": "cache.t4g.micro",
      "kafka.m5.large": "kafka.m7g.large",
      "r5.large.search": "r7g.large.search",
    });
  });

  it("accepts names that do not reveal the architecture, because AWS chooses it", () => {
    expectAccepted(kind, ["db.serverless", "or1.large.search", "ra3.4xlarge", "toaster"]);
  });
});

describe("the judgement of an architecture's name", () => {
  it("accepts arm64 in every service's spelling", () => {
    expectAccepted("architecture", ["arm64", "ARM64", "ARM_64", "aarch64"]);
  });

  it("suggests arm64 in the spelling of the refused value", () => {
    expectRefused("architecture", { x86_64: "arm64", amd64: "arm64", i386: "arm64", X86_64: "ARM64" });
  });

  it("refuses names that merely contain arm64", () => {
    expectRefused("architecture", { "not-arm64": "arm64", arm64_mac: "arm64", arm: "arm64" });
  });
});

describe("the judgement of a CPU manufacturer", () => {
  it("accepts only AWS", () => {
    expectAccepted("cpuManufacturer", ["amazon-web-services"]);
    expectRefused("cpuManufacturer", {
      intel: "amazon-web-services",
      amd: "amazon-web-services",
      apple: "amazon-web-services",
    });
  });
});

describe("the judgement of EKS's images and pools", () => {
  it("accepts images for arm64, and custom ones, for which the machines decide", () => {
    expectAccepted("amiType", ["AL2_ARM_64", "AL2023_ARM_64_NVIDIA", "BOTTLEROCKET_ARM_64_FIPS", "CUSTOM"]);
  });

  it("suggests the image for arm64 if one exists", () => {
    expectRefused("amiType", {
      AL2_x86_64: "AL2_ARM_64",
      AL2023_x86_64_STANDARD: "AL2023_ARM_64_STANDARD",
      AL2023_x86_64_NVIDIA: "AL2023_ARM_64_NVIDIA",
      BOTTLEROCKET_x86_64_NVIDIA: "BOTTLEROCKET_ARM_64_NVIDIA",
    });
    expectRefused("amiType", {
      AL2_x86_64_GPU: undefined,
      AL2023_x86_64_NEURON: undefined,
      WINDOWS_CORE_2022_x86_64: undefined,
    });
  });

  it("accepts the system pool, which supports both architectures", () => {
    expectAccepted("nodePool", ["system"]);
    expectRefused("nodePool", { "general-purpose": "system, with your own arm64 NodePool," });
  });
});

describe("the judgement of CodeBuild's environments and images", () => {
  it("accepts environments on Graviton", () => {
    expectAccepted("buildEnvironment", ["ARM_CONTAINER", "ARM_LAMBDA_CONTAINER", "ARM_EC2"]);
    expectRefused("buildEnvironment", {
      LINUX_CONTAINER: "ARM_CONTAINER",
      LINUX_LAMBDA_CONTAINER: "ARM_LAMBDA_CONTAINER",
      LINUX_EC2: "ARM_EC2",
      LINUX_GPU_CONTAINER: undefined,
      WINDOWS_SERVER_2022_CONTAINER: undefined,
    });
  });

  it("refuses a Mac, although it is arm64", () => {
    expect(problem("buildEnvironment", "MAC_ARM")).to.equal(
      `is MAC_ARM, which is arm64 but not Graviton: ${orExempt}.`,
    );
    expect(problem("buildImage", "aws/codebuild/macos-arm-base:14")).to.equal(
      `is aws/codebuild/macos-arm-base:14, which is arm64 but not Graviton: ${orExempt}.`,
    );
  });

  it("accepts CodeBuild's own images only if they are for arm64", () => {
    const image = "aws/codebuild/amazonlinux-aarch64-standard:3.0";
    expectAccepted("buildImage", [image, "aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs22"]);
    expectAccepted("buildImage", ["aws/codebuild/ami/amazonlinux-arm-base:latest"]);
    expectRefused("buildImage", {
      "aws/codebuild/amazonlinux-x86_64-standard:5.0": image,
      "aws/codebuild/amazonlinux2-x86_64-standard:4.0": image,
      "aws/codebuild/standard:7.0": image,
      "aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22":
        "aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs22",
      "aws/codebuild/ami/amazonlinux-x86_64-base:latest": "aws/codebuild/ami/amazonlinux-arm-base:latest",
      "aws/codebuild/windows-base:2022-1.0": undefined,
    });
  });

  it("accepts other images, which are built for the environment", () => {
    expectAccepted("buildImage", ["public.ecr.aws/docker/library/node:22", "example.com/aws/codebuild/x86_64:1"]);
  });
});

describe("the judgement of a container's platform", () => {
  it("accepts both names of linux/arm64", () => {
    expectAccepted("platform", ["linux/arm64", "linux/arm64/v8"]);
    expectRefused("platform", {
      "linux/amd64": "linux/arm64",
      "linux/arm/v7": "linux/arm64",
      "windows/arm64": "linux/arm64",
      "linux/arm64x": "linux/arm64",
    });
  });
});

describe("the judgement of any kind", () => {
  it("refuses values that are not strings, and hides them", () => {
    for (const kind of kinds) {
      expect(problem(kind, 7)).to.equal("must be a string, but is a number.");
      expect(problem(kind, false)).to.equal("must be a string, but is a boolean.");
      expect(problem(kind, ["hunter2"])).to.equal("must be a string, but is a list.");
      expect(problem(kind, { password: "hunter2" })).to.equal("must be a string, but is a map.");
    }
  });

  it("hides text that does not look like a name", () => {
    const texts = [
      "hunter2 hunter2",
      "hunter2\nmandatory: all is well",
      "\u001b[2Jhunter2",
      "<b>hunter2</b>",
      "hunter2".repeat(20),
    ];
    for (const kind of kinds) {
      for (const text of texts) expect(problem(kind, text) ?? "", `${kind} ${text}`).not.to.match(/hunter2|well|[<\n]/);
    }
    expect(problem("instanceType", "hunter2 *")).to.contain("is not a name, which allows more than Graviton");
  });

  it("ends each problem with a full stop", () => {
    for (const kind of kinds) {
      for (const value of ["", "x86_64", "m5.large", "mac2.metal", "*", 5]) {
        expect(problem(kind, value) ?? "is fine.").to.match(/^(is|must be) .*[^.]\.$/);
      }
    }
  });
});
