import { expect } from "chai";
import { runtimeProblem } from "../../../../policies/quality/lambda/runtimes";
import { unknown } from "../../../helpers/policies/policies";
import { onlySaid, said } from "../said";

const lambda = (props: object) => ({ type: "aws:lambda/function:Function", props });

describe("lambda-memory-and-timeout", () => {
  const rule = "lambda-memory-and-timeout";

  it("takes what is within the limits", async () => {
    for (const [memorySize, timeout] of [
      [128, 1],
      [512, 15],
      [10240, 900],
    ]) {
      expect(await said(rule, lambda({ memorySize, timeout }))).to.deep.equal([]);
    }
  });

  it("demands both, and takes unknown ones", async () => {
    expect(await said(rule, lambda({ memorySize: unknown }))).to.deep.equal([
      "timeout is missing: write a number of seconds from 1 to 900.",
    ]);
  });

  it("goes by the stack's limits", async () => {
    expect(
      await said(rule, lambda({ memorySize: 2048, timeout: 31 }), { maximumMemory: 1024, maximumTimeout: 30 }),
    ).to.deep.equal([
      "memorySize is 2048: write a number of MB from 128 to 1024.",
      "timeout is 31: write a number of seconds from 1 to 30.",
    ]);
  });

  it("tells what is no number", async () => {
    expect(await said(rule, lambda({ memorySize: "512", timeout: [3] }))).to.deep.equal([
      "memorySize must be a number, but is a string.",
      "timeout must be a number, but is a list.",
    ]);
  });
});

describe("lambda-current-runtime", () => {
  const rule = "lambda-current-runtime";

  it("takes a current runtime, an unknown one, and a container image, which has none", async () => {
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

  it("tells which runtime is no more, and what to write instead", async () => {
    expect(await said(rule, lambda({ runtime: "nodejs16.x" }))).to.deep.equal([
      "runtime is nodejs16.x, which AWS Lambda does not support (any more): write nodejs24.x.",
    ]);
    expect(await said(rule, lambda({ runtime: "go1.x", packageType: "Zip" }))).to.deep.equal([
      "runtime is go1.x, which AWS Lambda does not support (any more): write a runtime that it does, or provided.al2023.",
    ]);
  });

  it("demands one of code in an archive, and a string", async () => {
    expect(await said(rule, lambda({}))).to.deep.equal([
      "runtime is missing: write the runtime that the code is for, such as nodejs24.x.",
    ]);
    expect(await said(rule, lambda({ runtime: 24 }))).to.deep.equal(["runtime must be a string, but is a number."]);
    expect((await said(rule, lambda({ runtime: "hunter2 hunter2" })))[0]).to.match(/^runtime is not a name, /);
  });

  it("lets be what the settings name", async () => {
    expect(await said(rule, lambda({ runtime: "go1.x" }), { allow: ["go1.x"] })).to.deep.equal([]);
  });
});

describe("runtimeProblem", () => {
  const day = (text: string) => new Date(`${text}T12:00:00Z`);

  it("counts the days that a runtime has left", () => {
    expect(runtimeProblem("nodejs22.x", day("2027-03-01"), 61)).to.equal(undefined);
    expect(runtimeProblem("nodejs22.x", day("2027-03-01"), 62)).to.match(
      /^which AWS Lambda supports until 2027-04-30 only/,
    );
    expect(runtimeProblem("nodejs22.x", day("2027-04-30"), 1)).to.equal(undefined);
    expect(runtimeProblem("nodejs22.x", day("2027-05-01"), 1)).to.equal(
      "which AWS Lambda has not supported since 2027-04-30: write nodejs24.x",
    );
  });

  it("takes a runtime that is newer than all it knows", () => {
    for (const runtime of ["nodejs26.x", "python3.15", "ruby4.1", "dotnet12", "java29", "provided.al2025"]) {
      expect(runtimeProblem(runtime, day("2026-11-01"), 60), runtime).to.equal(undefined);
    }
  });

  it("takes the same version on a newer Amazon Linux, and not on an older one", () => {
    expect(runtimeProblem("java17.al2023", day("2028-01-01"), 60)).to.equal(undefined);
    expect(runtimeProblem("java17", day("2028-01-01"), 60)).to.match(/: write java25$/);
    expect(runtimeProblem("provided.al2", day("2026-11-01"), 60)).to.match(/: write provided.al2023$/);
  });

  it("knows no runtime that was never there", () => {
    for (const runtime of ["nodejs", "nodejs21.x", "python3.9", "python2.7", "dotnetcore3.1", "", "24"]) {
      expect(runtimeProblem(runtime, day("2026-11-01"), 60), runtime).to.match(/^which AWS Lambda does not support/);
    }
  });
});

describe("lambda-permission-source", () => {
  const rule = "lambda-permission-source";
  const permission = (props: object) => ({ type: "aws:lambda/permission:Permission", props });

  it("takes a service with a source, a role, and what is unknown", async () => {
    const principal = "events.amazonaws.com";
    for (const props of [
      { principal, sourceArn: "arn:aws:events:eu-west-1:123456789012:rule/nightly" },
      { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::items" },
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

  it("tells a whole service, and anybody", async () => {
    for (const principal of ["sns.amazonaws.com", "sns.amazonaws.com.cn", "*"]) {
      expect(await onlySaid(rule, permission({ principal }))).to.match(
        /^sourceArn is missing, so that .* may invoke for /,
      );
    }
  });

  it("tells a source that is anything", async () => {
    for (const sourceArn of ["*", "arn:aws:*", "arn:aws:events:*:*:*", "arn:aws:execute-api:eu-west-1:*:*/*/*"]) {
      const found = await onlySaid(rule, permission({ principal: "events.amazonaws.com", sourceArn }));
      expect(found).to.equal(
        `sourceArn is "${sourceArn}", which is anything: write the ARN of what invokes the function, or its account in ` +
          "sourceAccount.",
      );
    }
  });
});
