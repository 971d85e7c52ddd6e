import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { resource } from "./graph";

/** An instance whose id ends with a digit, and the outputs that the engine adds for what is omitted. */
export function instance(digit: number, tags: Record<string, string> = {}, inputs: Properties = {}): Resource {
  const outputs = { tagsAll: tags, disableApiStop: false, instanceMarketOptions: {}, publicIp: "203.0.113.10" };
  return resource(
    "aws:ec2/instance:Instance",
    `worker-${digit}`,
    { instanceType: "m8g.large", ami: "ami-0123456789abcdef0", tags, ...inputs },
    { ...outputs, ...inputs, id: instanceId(digit), arn: arnOf(instanceId(digit)), privateIp: `10.0.0.${10 + digit}` },
  );
}

export function instanceId(digit: number): string {
  return `i-0123456789abcdef${digit}`;
}

export function arnOf(id: string): string {
  return `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`;
}

/** An Auto Scaling group by a launch template, in two subnets. */
export function group(desiredCapacity: number): Resource[] {
  const subnets = ["a", "b"].map((letter) =>
    resource(
      "aws:ec2/subnet:Subnet",
      letter,
      { availabilityZone: `eu-west-1${letter}`, vpcId: "vpc-1" },
      { id: `subnet-${letter}` },
    ),
  );
  const template = resource(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "template",
    {
      instanceType: "c8g.large",
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      iamInstanceProfile: { arn: "arn:aws:iam::123456789012:instance-profile/workers" },
      instanceMarketOptions: { marketType: "spot", spotOptions: { spotInstanceType: "persistent" } },
      tagSpecifications: [{ resourceType: "instance", tags: { Name: "worker" } }],
    },
    { id: "lt-0123456789abcdef0", name: "template-1" },
  );
  const workers = resource(
    "aws:autoscaling/group:Group",
    "workers",
    {
      desiredCapacity,
      vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
      launchTemplate: { id: "lt-0123456789abcdef0", version: "$Latest" },
      tags: [{ key: "team", value: "data", propagateAtLaunch: true }],
    },
    { name: "workers-1" },
  );
  return [...subnets, template, workers];
}
