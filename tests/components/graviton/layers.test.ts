import { expect } from "chai";
import { arm64Layer } from "../../../components/graviton/index";

const arn = (name: string) => `arn:aws:lambda:eu-west-1:580247275435:layer:${name}`;

describe("the arm64 build of a layer", () => {
  it("is known for AWS's layers whose plain name is the x86_64 build", () => {
    for (const name of [
      "LambdaInsightsExtension",
      "AWS-Parameters-and-Secrets-Lambda-Extension",
      "AWS-AppConfig-Extension",
      "AWSLambdaPowertoolsPythonV2",
      "AWSSDKPandas-Python313",
    ]) {
      expect(arm64Layer(arn(`${name}:53`)), name).to.equal(`${name}-Arm64`);
      expect(arm64Layer(arn(`${name}-Arm64:20`)), name).to.equal(undefined);
    }
  });

  it("is derived from a name that contains the architecture", () => {
    const builds = {
      "aws-otel-nodejs-amd64-ver-1-30-2": "aws-otel-nodejs-arm64-ver-1-30-2",
      "AWSLambdaPowertoolsPythonV3-python313-x86_64": "AWSLambdaPowertoolsPythonV3-python313-arm64",
      LambdaAdapterLayerX86: "LambdaAdapterLayerArm64",
    };
    for (const [name, build] of Object.entries(builds)) {
      expect(arm64Layer(arn(`${name}:1`))).to.equal(build);
      expect(arm64Layer(arn(`${build}:1`))).to.equal(undefined);
    }
  });

  it("is known in every partition, with or without a version", () => {
    const name = "LambdaInsightsExtension";
    expect(arm64Layer(`arn:aws-cn:lambda:cn-north-1:488211338238:layer:${name}`)).to.equal(`${name}-Arm64`);
  });

  it("is undefined for layers of both architectures, and for anything but a layer", () => {
    for (const name of [
      "AWSLambdaPowertoolsTypeScriptV2:41",
      "AWSOpenTelemetryDistroJs:9",
      "tools:1",
      "x86-and-arm64:1",
    ])
      expect(arm64Layer(arn(name)), name).to.equal(undefined);
    for (const text of ["", "LambdaInsightsExtension", "arn:aws:lambda:eu-west-1:123456789012:function:x86"])
      expect(arm64Layer(text), text).to.equal(undefined);
  });
});
