import { AwsError } from "../core/awsError";
import { matches } from "../core/wildcards";
import { CODES, type Instance } from "./instance";

export type Filter = { Name?: string; Values?: string[] };

/** By the names of filters: the value that an entry has, or a list of them; undefined if it has none. */
type Fields<T> = Record<string, (entry: T) => string | string[] | undefined>;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export const INSTANCE_FIELDS: Fields<Instance> = {
  architecture: ({ architecture }) => architecture,
  "availability-zone": ({ definition }) => definition.zone,
  "iam-instance-profile.arn": ({ definition }) => definition.profileArn,
  "image-id": ({ definition }) => definition.image,
  "instance-id": ({ id }) => id,
  "instance-lifecycle": ({ definition }) => definition.spot && "spot",
  "instance-state-code": ({ state }) => String(CODES[state]),
  "instance-state-name": ({ state }) => state,
  "instance-type": ({ definition }) => definition.type,
  "instance.group-id": ({ definition }) => definition.securityGroupIds,
  "ip-address": ({ publicIp }) => publicIp,
  "key-name": ({ definition }) => definition.keyName,
  "launch-time": ({ launchedAt }) => new Date(launchedAt).toISOString(),
  "private-ip-address": ({ definition }) => definition.privateIp,
  "subnet-id": ({ definition }) => definition.subnetId,
  "tag-key": ({ tags }) => Object.keys(tags),
  "vpc-id": ({ definition }) => definition.vpcId,
};

/**
 * The entries that fit every filter: one of an entry's values fits one of the filter's, in which `*` and `?` are
 * wildcards. `tag:KEY` filters by the value of a tag.
 * @throws AwsError for an unknown filter
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filtered<T extends { tags: Record<string, string> }>(
  all: T[],
  filters: Filter[] = [],
  fields: Fields<T>,
): T[] {
  const tests = filters.map(({ Name = "", Values = [] }) => {
    const field = Object.hasOwn(fields, Name) ? fields[Name] : tagField(Name);
    if (!field) {
      const names = Object.keys(fields).join(", ");
      throw new AwsError(
        "InvalidParameterValue",
        `The filter '${Name}' is invalid; offline there are ${names}, tag:KEY`,
      );
    }
    return (entry: T) => [field(entry) ?? []].flat().some((value) => Values.some((one) => matches(one, value)));
  });
  return all.filter((entry) => tests.every((test) => test(entry)));
}

function tagField(name: string): Fields<{ tags: Record<string, string> }>[string] | undefined {
  return name.startsWith("tag:") ? ({ tags }) => tags[name.slice("tag:".length)] : undefined;
}
