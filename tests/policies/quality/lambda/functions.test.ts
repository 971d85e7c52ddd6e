import { expect } from "chai";
import { runtimeProblem } from "../../../../policies/quality/lambda/runtimes";
import { unknown } from "../../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "../said";

const lambda = (props: object) => ({ type: "aws:lambda/function:Function", props });

describe("lambda-memory-and-timeout", () => {
  const rule = "lambda-memory-and-timeout";

  it("accepts values within the limits", async () => {
    for (const [memorySize, timeout] of [
      [128, 1],
      [512, 15],
      [10240, 900],
    ]) {
      expect(await said(rule, lambda({ memorySize, timeout }))).to.deep.equal([]);
    }
  });

  it("requires both, and accepts unknown values", async () => {
    expect(await said(rule, lambda({ memorySize: unknown }))).to.deep.equal([
      "timeout is missing: write a number of seconds from 1 to 900, as the AWS provider refuses more, although AWS " +
        "accepts 1800.",
    ]);
  });

  it("allows functions with a capacity provider more, up to the stack's limits", async () => {
    const capacityProviderConfig = { lambdaManagedInstancesCapacityProviderConfig: { capacityProviderArn: "arn" } };
    const large = { capacityProviderConfig, memorySize: 32_768, timeout: 5400 };
    const settings = { maximumMemory: 32_768, maximumTimeout: 5400 };
    expect(await said(rule, lambda(large))).to.deep.equal([]);
    expect(await said(rule, lambda(large), settings)).to.deep.equal([]);
    expect(await said(rule, lambda(large), { ...settings, maximumTimeout: 900 })).to.deep.equal([
      "timeout is 5400: write a number of seconds from 1 to 900.",
    ]);
    expect(await said(rule, lambda({ ...large, capacityProviderConfig: undefined }), settings)).to.deep.equal([
      "memorySize is 32768: write a number of MB from 128 to 10240.",
      "timeout is 5400: write a number of seconds from 1 to 900, as the AWS provider refuses more, although AWS " +
        "accepts 1800.",
    ]);
  });

  it("respects the stack's limits", async () => {
    expect(
      await said(rule, lambda({ memorySize: 2048, timeout: 31 }), { maximumMemory: 1024, maximumTimeout: 30 }),
    ).to.deep.equal([
      "memorySize is 2048: write a number of MB from 128 to 1024.",
      "timeout is 31: write a number of seconds from 1 to 30.",
    ]);
  });

  it("reports values that are not numbers", async () => {
    expect(await said(rule, lambda({ memorySize: "512", timeout: [3] }))).to.deep.equal([
      "memorySize must be a number, but is a string.",
      "timeout must be a number, but is a list.",
    ]);
  });
});

describe("lambda-current-runtime", () => {
  const rule = "lambda-current-runtime";

  it("accepts a current runtime, an unknown one, and a container image, which has none", async () => {
    for (const props of [
      { runtime: "provided.al2023" },
      { runtime: unknown },
      { packageType: "Image" },
      { packageType: unknown },
      { imageUri: "repository:tag" },
    ]) {
      expect(await said(rule, lambda(props))).to.deep.equal([]);
    }
  });

  it("reports a runtime that is no longer supported, and says what to write instead", async () => {
    expect(await said(rule, lambda({ runtime: "nodejs16.x" }))).to.deep.equal([
      "runtime is nodejs16.x, which AWS Lambda does not support, or no longer supports: write nodejs24.x.",
    ]);
    expect(await said(rule, lambda({ runtime: "go1.x", packageType: "Zip" }))).to.deep.equal([
      "runtime is go1.x, which AWS Lambda does not support, or no longer supports: write a supported runtime, or provided.al2023.",
    ]);
  });

  it("requires one for code in an archive, as a string", async () => {
    expect(await said(rule, lambda({}))).to.deep.equal([
      "runtime is missing: write the runtime that the code is for, such as nodejs24.x.",
    ]);
    expect(await said(rule, lambda({ runtime: 24 }))).to.deep.equal(["runtime must be a string, but is a number."]);
    expect((await said(rule, lambda({ runtime: "hunter2 hunter2" })))[0]).to.match(/^runtime is not a name, /);
  });

  it("accepts the runtimes in the settings", async () => {
    expect(await said(rule, lambda({ runtime: "go1.x" }), { allow: ["go1.x"] })).to.deep.equal([]);
  });
});

describe("runtimeProblem", () => {
  const day = (text: string) => new Date(`${text}T12:00:00Z`);

  it("counts the days that a runtime has left", () => {
    expect(runtimeProblem("nodejs22.x", day("2027-03-01"), 61)).to.equal(undefined);
    expect(runtimeProblem("nodejs22.x", day("2027-03-01"), 62)).to.match(
      /^which AWS Lambda supports only until 2027-04-30/,
    );
    expect(runtimeProblem("nodejs22.x", day("2027-04-30"), 1)).to.equal(undefined);
    expect(runtimeProblem("nodejs22.x", day("2027-05-01"), 1)).to.equal(
      "which AWS Lambda has not supported since 2027-04-30: write nodejs24.x",
    );
  });

  it("accepts a runtime that is newer than all known ones", () => {
    for (const runtime of ["nodejs26.x", "python3.15", "ruby4.1", "dotnet12", "java29", "provided.al2025"]) {
      expect(runtimeProblem(runtime, day("2026-11-01"), 60), runtime).to.equal(undefined);
    }
  });

  it("accepts the same version on a newer Amazon Linux, but not on an older one", () => {
    expect(runtimeProblem("java17.al2023", day("2028-01-01"), 60)).to.equal(undefined);
    expect(runtimeProblem("java17", day("2028-01-01"), 60)).to.match(/: write java25$/);
    expect(runtimeProblem("provided.al2", day("2026-11-01"), 60)).to.match(/: write provided.al2023$/);
  });

  it("refuses runtimes that never existed", () => {
    for (const runtime of ["nodejs", "nodejs21.x", "python3.9", "python2.7", "dotnetcore3.1", "", "24"]) {
      expect(runtimeProblem(runtime, day("2026-11-01"), 60), runtime).to.match(/^which AWS Lambda does not support/);
    }
  });
});

describe("lambda-permission-source", () => {
  const rule = "lambda-permission-source";
  const permission = (props: object) => ({ type: "aws:lambda/permission:Permission", props });

  it("accepts a service with a source, a role, and unknown values", async () => {
    const principal = "events.amazonaws.com";
    for (const props of [
      { principal, sourceArn: "arn:aws:events:eu-west-1:123456789012:rule/nightly" },
      { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::items", sourceAccount: "123456789012" },
      { principal: "apigateway.amazonaws.com", sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:id/*/*" },
      { principal, sourceAccount: "123456789012" },
      { principal, sourceArn: unknown },
      { principal, sourceArn: "*", sourceAccount: unknown },
      { principal: "arn:aws:iam::123456789012:role/caller" },
      { principal: unknown },
      { principal: "*", principalOrgId: "o-1" },
      { principal: "*", functionUrlAuthType: "NONE" },
      { principal: "*", invokedViaFunctionUrl: true },
    ]) {
      expect(await said(rule, permission(props)), JSON.stringify(props)).to.deep.equal([]);
    }
  });

  it("cannot judge an unknown principal or source, unless something else decides", async () => {
    const principal = "events.amazonaws.com";
    expect(await unsaid(rule, permission({ principal, sourceArn: unknown }))).to.deep.equal(["sourceArn"]);
    expect(await unsaid(rule, permission({ principal: unknown, sourceArn: "*" }))).to.deep.equal(["principal"]);
    for (const others of [{ sourceAccount: unknown }, { sourceAccount: "123456789012", sourceArn: unknown }]) {
      expect(await unsaid(rule, permission({ principal: unknown, ...others }))).to.deep.equal([]);
    }
    const sourceArn = "arn:aws:events:eu-west-1:123456789012:rule/nightly";
    expect(await unsaid(rule, permission({ principal: unknown, sourceArn }))).to.deep.equal([]);
  });

  it("reports a bucket without its account, because another account may take its name", async () => {
    const bucket = { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::items" };
    expect(await onlySaid(rule, permission(bucket))).to.match(
      /^sourceArn is arn:aws:s3:::items, .* in sourceAccount too\.$/,
    );
  });

  it("reports a whole service, and anybody", async () => {
    for (const principal of ["sns.amazonaws.com", "sns.amazonaws.com.cn", "*"]) {
      expect(await onlySaid(rule, permission({ principal }))).to.match(
        /^sourceArn is missing, so .* may invoke the function for /,
      );
    }
  });

  it("reports a source that matches anything", async () => {
    for (const sourceArn of ["*", "arn:aws:*", "arn:aws:events:*:*:*", "arn:aws:execute-api:eu-west-1:*:*/*/*"]) {
      const found = await onlySaid(rule, permission({ principal: "events.amazonaws.com", sourceArn }));
      expect(found).to.equal(
        `sourceArn is "${sourceArn}", which matches anything: write the ARN of the resource that invokes the function, or its account in ` +
          "sourceAccount.",
      );
    }
  });
});
