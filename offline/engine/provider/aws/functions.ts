import { account, callerArn, hexOf } from "../../context";
import { partitionOf } from "../../partition";
import type { Properties } from "../../values";
import { defaultSubnets, defaultVpc, zones } from "./network";
import { type PolicyArguments, policyDocument } from "./policyDocument";

type Arguments = Record<string, unknown>;
/** Answers a function of the AWS package. Fields that it omits are guessed from the result's type. */
type AwsFunction = (args: Arguments, region: string) => Properties;

const amiId = (seed: unknown, region: string) => `ami-${hexOf(JSON.stringify([seed, region]), 17)}`;

/** The most common look-ups. An account has one default VPC with a subnet in each of three zones. */
export const awsFunctions: Record<string, AwsFunction> = {
  "aws:ec2/getAmi:getAmi": (args, region) => {
    const id = amiId(args, region);
    const isArm = /arm64|aarch64/.test(JSON.stringify([args.filters, args.nameRegex]));
    return {
      id,
      imageId: id,
      architecture: isArm ? "arm64" : "x86_64",
      rootDeviceName: "/dev/xvda",
      state: "available",
    };
  },
  "aws:ec2/getAmiIds:getAmiIds": (args, region) => ({ ids: [amiId(args, region)] }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, region) => {
    const vpcId = textOr(args.vpcId, defaultVpc(region));
    return { id: textOr(args.id, `sg-${hexOf(`default/${vpcId}`, 17)}`), vpcId };
  },
  "aws:ec2/getSubnet:getSubnet": (args, region) => {
    const [first = "", ...others] = defaultSubnets(region);
    const id = textOr(args.id, first);
    const index = Math.max([first, ...others].indexOf(id), 0);
    const availabilityZone = textOr(args.availabilityZone, zones(region)[index] ?? "");
    return {
      id,
      availabilityZone,
      vpcId: textOr(args.vpcId, defaultVpc(region)),
      cidrBlock: `172.31.${index * 16}.0/20`,
    };
  },
  "aws:ec2/getSubnets:getSubnets": (_, region) => ({ ids: defaultSubnets(region) }),
  "aws:ec2/getVpc:getVpc": (args, region) => ({
    id: textOr(args.id, defaultVpc(region)),
    cidrBlock: textOr(args.cidrBlock, "172.31.0.0/16"),
    default: args.id === undefined,
    state: "available",
  }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_, region) => ({
    authorizationToken: Buffer.from("AWS:offline").toString("base64"),
    password: "offline",
    proxyEndpoint: `https://${account}.dkr.ecr.${region}.${partitionOf(region).dnsSuffix}`,
    userName: "AWS",
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const document = policyDocument(args as PolicyArguments);
    const minifiedJson = JSON.stringify(document);
    return { id: hexOf(minifiedJson, 10), json: JSON.stringify(document, null, 2), minifiedJson };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    groupNames: [region],
    names: zones(region),
    zoneIds: [1, 2, 3].map((number) => `${shortRegion(region)}-az${number}`),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_, region) => ({
    accountId: account,
    arn: callerArn(region),
    id: account,
    userId: "AIDAOFFLINEOFFLINE123",
  }),
  "aws:index/getPartition:getPartition": (_, region) => ({ id: partitionOf(region).partition, ...partitionOf(region) }),
  "aws:index/getRegion:getRegion": (args, region) => ({
    description: region,
    endpoint: `ec2.${region}.${partitionOf(region).dnsSuffix}`,
    id: region,
    name: textOr(args.name, region),
    region,
  }),
  "aws:ssm/getParameter:getParameter": (args, region) => {
    const name = String(args.name);
    const value = parameterValue(name, region);
    return {
      id: name,
      arn: `arn:${partitionOf(region).partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`,
      type: "String",
      value,
    };
  },
};

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value ? value : otherwise;
}

/** `us-east-1` is `use1` in the ids of zones. */
function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return `${area}${direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0))}${number}`;
}

/** AWS publishes its machine images as parameters; `…/recommended` is a JSON document that describes one. */
function parameterValue(name: string, region: string): string {
  const image = amiId(name.replace(/\/image_id$/, ""), region);
  if (name.startsWith("/aws/service/") && name.endsWith("/recommended")) return JSON.stringify({ image_id: image });
  return /\/aws\/service\/.*(ami|image)/.test(name) ? image : `value of ${name}`;
}
