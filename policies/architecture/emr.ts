import { read } from "../lib/values";
import { architectureRule, isX86OrMissing, ofKind } from "./rule";

const instancePage = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html";

const emr = architectureRule({
  name: "emr-arm64",
  description: "EMR clusters run on Graviton.",
  severity: "high",
  tags: ["arm64", "emr"],
  url: instancePage,
  remediationSteps:
    "Use a Graviton type of size xlarge or larger, supported by the EMR release, in every instance group and fleet.",
  properties: [
    ofKind("emrInstanceType", instancePage, {
      "aws:emr/cluster:Cluster": [
        "masterInstanceGroup.instanceType",
        "coreInstanceGroup.instanceType",
        "masterInstanceFleet.instanceTypeConfigs[].instanceType",
        "coreInstanceFleet.instanceTypeConfigs[].instanceType",
      ],
      "aws:emr/instanceGroup:InstanceGroup": ["instanceType"],
      "aws:emr/instanceFleet:InstanceFleet": ["instanceTypeConfigs[].instanceType"],
    }),
  ],
  machines: { "aws:emr/cluster:Cluster": { images: ["customAmiId"] } },
});

const architecturePage = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html";
const applicationType = "aws:emrserverless/application:Application";

const emrServerless = architectureRule({
  name: "emr-serverless-arm64",
  description: "EMR Serverless applications use ARM64.",
  severity: "high",
  tags: ["arm64", "emr"],
  url: architecturePage,
  remediationSteps: 'Write architecture: "ARM64". Build JARs with native code and custom images for arm64.',
  properties: [
    ofKind("architecture", architecturePage, {
      [applicationType]: [{ path: "architecture", missing: { write: "ARM64" } }],
    }),
  ],
  /** Applications with a custom image are left alone, as the image is built for one architecture. */
  remediate: ({ type, props }) => {
    if (type !== applicationType || !isX86OrMissing(props, "architecture")) return false;
    if (read(props, "imageConfiguration")[0]?.state !== "missing") return false;
    props.architecture = "ARM64";
    return true;
  },
});

export const emrRules = [emr, emrServerless];
