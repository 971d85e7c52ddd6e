import { arm64Layer } from "pulumi-graviton/graviton";
import type { Finding, Subject } from "../lib/rule";
import { unless } from "../lib/unknowns";
import { holds, known, type Reading, read } from "../lib/values";
import { fault } from "./judge";
import { isPureCode } from "./pureCode";
import { architectureRule, isX86OrMissing, ofKind } from "./rule";

const api = "https://docs.aws.amazon.com/lambda/latest/api";
const functionType = "aws:lambda/function:Function";

export const lambda = architectureRule({
  name: "lambda-arm64",
  description: "Lambda functions, layers and capacity providers use arm64.",
  severity: "high",
  tags: ["arm64", "lambda"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
  remediationSteps:
    'Write architectures: ["arm64"], and build native modules, layers and images for arm64 too. Lambda@Edge does not ' +
    "support arm64: exempt its functions.",
  properties: [
    ofKind("architecture", `${api}/API_CreateFunction.html`, {
      [functionType]: [{ path: "architectures[]", missing: { write: '["arm64"]' } }],
    }),
    // A layer without this property can be used by functions of either architecture.
    ofKind("architecture", `${api}/API_PublishLayerVersion.html`, {
      "aws:lambda/layerVersion:LayerVersion": [{ path: "compatibleArchitectures[]", isAnyEnough: true }],
    }),
    ofKind(
      "architecture",
      "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-capacityprovider-instancerequirements.html",
      {
        "aws:lambda/capacityProvider:CapacityProvider": [
          { path: "instanceRequirements[].architectures[]", missing: { write: '["arm64"]' } },
        ],
      },
    ),
    ofKind("instanceType", `${api}/API_InstanceRequirements.html`, {
      "aws:lambda/capacityProvider:CapacityProvider": ["instanceRequirements[].allowedInstanceTypes[]"],
    }),
    ofKind("architecture", "https://docs.aws.amazon.com/lambda/latest/microvm-api/API_CpuConfiguration.html", {
      "aws:lambda/microvmsImage:MicrovmsImage": ["cpuConfigurations[].architecture"],
      "aws:lambdamicrovms/image:Image": ["cpuConfigurations[].architecture"],
    }),
  ],
  alsoCheck: layersOfFunction,
  /**
   * Code without native parts runs on either architecture; images and layers may contain some. Lambda@Edge, which needs
   * published versions, does not support arm64.
   */
  remediate: async ({ type, props }) => {
    if (type !== functionType) return false;
    const [code] = known(props, "code");
    const [runtime] = known(props, "runtime");
    const isScript = /^(nodejs|python)/.test(String(runtime)) && read(props, "layers[]")[0]?.state === "missing";
    const mayPublish = read(props, "publish").some(
      (reading) => reading.state === "unknown" || (reading.state === "known" && reading.value !== false),
    );
    if (!isScript || mayPublish || !isX86OrMissing(props, "architectures[]")) return false;
    if (!(await isPureCode(code))) return false;
    props.architectures = ["arm64"];
    return true;
  },
});

/** The program's own layers are judged as resources; the names of other layers may reveal the architecture. */
function layersOfFunction({ type, props }: Subject): Finding[] {
  if (type !== functionType) return [];
  return unless(
    () => !holds(props, "architectures[]", (value) => value === "arm64"),
    () => read(props, "layers[]").flatMap(x86Layer),
  );
}

function x86Layer(reading: Reading): Finding[] {
  const arn = reading.state === "known" ? String(reading.value) : "";
  const instead = arm64Layer(arn);
  if (instead === undefined) return [];
  const { problem } = fault(arn.replace(/^.*:layer:/, ""), instead, ["its versions are numbered separately"]);
  return [{ message: `${reading.path} ${problem}` }];
}
