import { architectureRule, ofKind } from "./rule";

const api = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const autoScalingApi = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

const instance = {
  path: "instanceType",
  missing: { unless: ["launchTemplate"], write: "a type such as m7g.large" },
};
const ofInstance = { images: ["ami"], launchTemplates: ["launchTemplate"] };
const ofFleet = { launchTemplates: ["launchTemplateConfigs[].launchTemplateSpecification"] };

const ec2 = architectureRule({
  name: "ec2-arm64",
  description: "EC2 instances, fleets, launch templates and machine images are for Graviton.",
  severity: "high",
  tags: ["arm64", "ec2"],
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
  remediationSteps: "Use a Graviton type and an image for arm64.",
  properties: [
    ofKind("instanceType", `${api}/API_RunInstances.html`, {
      "aws:ec2/instance:Instance": [instance],
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest": [instance],
    }),
    // The resource that uses the template can set the type, so a template without one does not imply x86_64.
    ofKind("instanceType", `${api}/API_RequestLaunchTemplateData.html`, {
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceType", "instanceRequirements.allowedInstanceTypes[]"],
    }),
    ofKind("instanceType", `${api}/API_FleetLaunchTemplateOverridesRequest.html`, {
      "aws:ec2/fleet:Fleet": [
        "launchTemplateConfigs[].overrides[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    }),
    ofKind("instanceType", `${api}/API_SpotFleetRequestConfigData.html`, {
      "aws:ec2/spotFleetRequest:SpotFleetRequest": [
        "launchSpecifications[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    }),
    // If any manufacturer is allowed, the machine image's architecture decides, so a missing value does not imply
    // x86_64.
    ofKind("cpuManufacturer", `${api}/API_InstanceRequirementsRequest.html`, {
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceRequirements.cpuManufacturers[]"],
      "aws:ec2/fleet:Fleet": ["launchTemplateConfigs[].overrides[].instanceRequirements.cpuManufacturers[]"],
      "aws:ec2/spotFleetRequest:SpotFleetRequest": [
        "launchTemplateConfigs[].overrides[].instanceRequirements.cpuManufacturers[]",
      ],
    }),
    ofKind("instanceType", `${api}/API_CreateCapacityReservation.html`, {
      "aws:ec2/capacityReservation:CapacityReservation": ["instanceType"],
    }),
    ofKind("instanceType", `${api}/API_AllocateHosts.html`, {
      "aws:ec2/dedicatedHost:DedicatedHost": ["instanceFamily", "instanceType"],
    }),
    // AWS defaults to i386; the provider sends x86_64.
    ofKind("architecture", `${api}/API_RegisterImage.html`, {
      "aws:ec2/ami:Ami": [{ path: "architecture", missing: { write: "arm64" } }],
    }),
  ],
  machines: {
    "aws:ec2/instance:Instance": ofInstance,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ofInstance,
    "aws:ec2/launchTemplate:LaunchTemplate": { images: ["imageId"] },
    "aws:ec2/fleet:Fleet": ofFleet,
    "aws:ec2/spotFleetRequest:SpotFleetRequest": ofFleet,
  },
});

const autoScaling = architectureRule({
  name: "autoscaling-arm64",
  description: "Auto Scaling groups start Graviton instances.",
  severity: "high",
  tags: ["arm64", "ec2"],
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
  remediationSteps: "Use Graviton types in the overrides, or amazon-web-services as the only CPU manufacturer.",
  properties: [
    ofKind("instanceType", `${autoScalingApi}/API_LaunchTemplateOverrides.html`, {
      "aws:autoscaling/group:Group": [
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceType",
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    }),
    ofKind("cpuManufacturer", `${autoScalingApi}/API_InstanceRequirements.html`, {
      "aws:autoscaling/group:Group": [
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceRequirements.cpuManufacturers[]",
      ],
    }),
    ofKind("instanceType", `${autoScalingApi}/API_CreateLaunchConfiguration.html`, {
      "aws:ec2/launchConfiguration:LaunchConfiguration": ["instanceType"],
    }),
  ],
  machines: {
    "aws:autoscaling/group:Group": {
      launchTemplates: ["launchTemplate", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification"],
    },
    "aws:ec2/launchConfiguration:LaunchConfiguration": { images: ["imageId"] },
  },
});

export const ec2Rules = [ec2, autoScaling];
