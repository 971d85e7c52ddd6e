import type { Finding, ResourceRule } from "../lib/rule";
import { unless } from "../lib/unknowns";
import { holds, isGiven, read } from "../lib/values";
import { byPath, byType, demand, demandTrue, forbid, forbidFalse, unreadable } from "./checks";

const instanceType = "aws:ec2/instance:Instance";
const spotType = "aws:ec2/spotInstanceRequest:SpotInstanceRequest";
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const configurationType = "aws:ec2/launchConfiguration:LaunchConfiguration";

const metadataService: ResourceRule = {
  name: "ec2-imdsv2",
  description: "EC2 instances and launch templates require version 2 of the instance metadata service.",
  severity: "high",
  practice: "SEC06-BP02",
  tags: ["ec2", "security"],
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  remediationSteps: 'Set metadataOptions: { httpTokens: "required" }.',
  checkResource: byType({
    [instanceType]: demandTokens,
    [spotType]: demandTokens,
    [templateType]: demandTokens,
    [configurationType]: demandTokens,
  }),
};

function demandTokens(props: object): Finding[] {
  return unless(
    () => holds(props, "metadataOptions.httpEndpoint", (endpoint) => endpoint === "disabled"),
    () =>
      demand(props, "metadataOptions.httpTokens", {
        type: "string",
        isRight: (tokens) => tokens === "required",
        instead: 'write "required", so that forged requests through the instance do not get its credentials',
        mayBeMissing: isGiven(props, "launchTemplate"),
      }),
  );
}

const volumes: ResourceRule = {
  name: "ec2-volume-encryption",
  description: "Volumes of EC2 instances are encrypted.",
  severity: "high",
  practice: "SEC08-BP02",
  tags: ["ec2", "encryption"],
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  remediationSteps: "Set encrypted to true for the root volume and for every other one.",
  checkResource: byType({
    [instanceType]: ofDevices,
    [spotType]: ofDevices,
    [configurationType]: ofDevices,
    [templateType]: ofMappings,
    "aws:ebs/volume:Volume": (props) => demandTrue(props, "encrypted", encryptedInstead),
  }),
};

const encryptedInstead = "write true, as AWS encrypts volumes by default only in accounts that ask for it";

/** The root volume of an instance with a launch template may be the template's. */
function ofDevices(props: object): Finding[] {
  const demandRoot = isGiven(props, "launchTemplate") ? forbidFalse : demandTrue;
  return [
    ...demandRoot(props, "rootBlockDevice.encrypted", encryptedInstead),
    ...(isGiven(props, "ebsBlockDevices[]") ? demandTrue(props, "ebsBlockDevices[].encrypted", encryptedInstead) : []),
  ];
}

/** A mapping of an instance store volume, which is always encrypted, or of no device has no `ebs`. */
function ofMappings(props: object): Finding[] {
  const mappings = "blockDeviceMappings[]";
  if (!isGiven(props, mappings)) return demandTrue(props, `${mappings}.ebs.encrypted`, encryptedInstead);
  const readings = read(props, mappings);
  const found = readings.flatMap((mapping) => {
    if (mapping.state !== "known" || typeof mapping.value !== "object" || mapping.value === null) return [];
    if (!isGiven(mapping.value, "ebs")) return [];
    return demandTrue(mapping.value, "ebs.encrypted", encryptedInstead, mapping.path);
  });
  return [...unreadable(readings), ...found];
}

const publicIp: ResourceRule = {
  name: "ec2-public-ip",
  description: "EC2 instances ask for no public IP address.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "SEC05-BP01",
  tags: ["ec2", "security"],
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
  remediationSteps:
    "Set associatePublicIpAddress to false, give the private subnets a NAT gateway or VPC endpoints, and log in through " +
    "Session Manager.",
  checkResource: byPath(
    {
      [instanceType]: "associatePublicIpAddress",
      [spotType]: "associatePublicIpAddress",
      [configurationType]: "associatePublicIpAddress",
      [templateType]: "networkInterfaces[].associatePublicIpAddress",
    },
    (props, path) => forbid(props, isTrue, "write false, and use private subnets", [path]),
  ),
};

/** A launch template's flags are strings. */
function isTrue(value: unknown): boolean {
  return String(value) === "true";
}

export const instanceRules = [metadataService, volumes, publicIp];
