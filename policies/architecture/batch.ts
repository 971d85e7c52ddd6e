import { read } from "../lib/values";
import { architectureRule, ofKind } from "./rule";

const api = "https://docs.aws.amazon.com/batch/latest/APIReference";
const computeEnvironmentType = "aws:batch/computeEnvironment:ComputeEnvironment";
const jobDefinitionType = "aws:batch/jobDefinition:JobDefinition";

const isOnFargate = { path: "platformCapabilities[]", isOneOf: ["FARGATE"] };

export const batch = architectureRule({
  name: "batch-arm64",
  description: "AWS Batch runs jobs on Graviton.",
  severity: "high",
  tags: ["arm64", "batch"],
  url: "https://docs.aws.amazon.com/batch/latest/userguide/instance-type-compute-table.html",
  remediationSteps:
    "Use Graviton families or default_arm64 in the compute environment, and ARM64 in the runtimePlatform of Fargate " +
    "jobs. Build the images for arm64.",
  properties: [
    ofKind("instanceType", `${api}/API_ComputeResource.html`, {
      [computeEnvironmentType]: ["computeResources.instanceTypes[]"],
    }),
    // Jobs on EC2 run on the instances of their compute environment.
    ofKind("architecture", `${api}/API_RuntimePlatform.html`, {
      [jobDefinitionType]: [
        {
          path: "containerProperties{}.runtimePlatform.cpuArchitecture",
          missing: { unless: ["ecsProperties"], when: isOnFargate, write: "ARM64" },
        },
        {
          path: "ecsProperties{}.taskProperties[].runtimePlatform.cpuArchitecture",
          missing: { unless: ["containerProperties"], when: isOnFargate, write: "ARM64" },
        },
        "nodeProperties{}.nodeRangeProperties[].container.runtimePlatform.cpuArchitecture",
        "nodeProperties{}.nodeRangeProperties[].ecsProperties.taskProperties[].runtimePlatform.cpuArchitecture",
      ],
    }),
    ofKind("instanceType", `${api}/API_ContainerProperties.html`, {
      [jobDefinitionType]: [
        "containerProperties{}.instanceType",
        "nodeProperties{}.nodeRangeProperties[].container.instanceType",
      ],
    }),
    ofKind("instanceType", `${api}/API_NodeRangeProperty.html`, {
      [jobDefinitionType]: ["nodeProperties{}.nodeRangeProperties[].instanceTypes[]"],
    }),
    ofKind(
      "instanceType",
      "https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_BatchContainerOverrides.html",
      { "aws:pipes/pipe:Pipe": ["targetParameters.batchJobParameters.containerOverrides.instanceType"] },
    ),
  ],
  machines: {
    [computeEnvironmentType]: {
      images: ["computeResources.imageId", "computeResources.ec2Configurations[].imageIdOverride"],
      launchTemplates: ["computeResources.launchTemplate"],
    },
  },
  settings: {
    replaceOptimal: {
      type: "boolean",
      default: false,
      description:
        "At the level remediate, replace `optimal` with `default_arm64`. Every job of the queues must support arm64.",
    },
  },
  remediate: ({ type, props }, { replaceOptimal }) => {
    if (type !== computeEnvironmentType || replaceOptimal !== true) return false;
    const [only, ...others] = read(props, "computeResources.instanceTypes[]");
    if (others.length > 0 || only?.state !== "known" || only.value !== "optimal") return false;
    props.computeResources.instanceTypes[0] = "default_arm64";
    return true;
  },
});
