import { AwsError, notEmulated } from "../core/awsError";
import type { Instance } from "./instance";
import type { Instances } from "./instances";

/** A tag; to delete one, a key alone is enough. */
export type Tag = { Key?: string; Value?: string };

/** A tag where DescribeTags lists it. */
export interface TagEntry {
  id: string;
  key: string;
  value: string;
  tags: Record<string, string>;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const MOST_TAGS = 50;

/** The tags of all instances. */
export function entriesOf({ all }: Instances): TagEntry[] {
  return all.flatMap(({ id, tags }) => Object.entries(tags).map(([key, value]) => ({ id, key, value, tags })));
}

/** @throws AwsError for a resource that is not an instance, which has no tags here */
export function taggedInstances(instances: Instances, ids: string[]): Instance[] {
  const other = ids.find((id) => /^(?!i-)[a-z]+-[\da-f]+$/.test(id));
  if (other !== undefined) throw notEmulated("ec2", `The tags of ${other}`, ", only those of instances");
  return instances.find(ids);
}

/** @throws AwsError if a key is AWS's own, or an instance would have too many tags */
export function checkTags(instances: Instance[], tags: Tag[]): void {
  const keys = tags.map(({ Key = "" }) => Key);
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) {
    const message = `Value ( ${reserved} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`;
    throw new AwsError("InvalidParameterValue", message);
  }
  // AWS's own tags do not count.
  const counted = (all: string[]) => new Set(all.filter((key) => !key.startsWith("aws:"))).size;
  if (instances.some((instance) => counted([...Object.keys(instance.tags), ...keys]) > MOST_TAGS)) {
    throw new AwsError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
  }
}

export function createTags(instances: Instance[], tags: Tag[]): void {
  const created = Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  for (const instance of instances) Object.assign(instance.tags, created);
}

/** With a value, a tag is deleted only if it has that value; without tags, all but AWS's own are deleted. */
export function deleteTags(instances: Instance[], tags: Tag[] | undefined): void {
  for (const { tags: own } of instances) {
    const all = Object.keys(own).map((Key): Tag => ({ Key }));
    for (const { Key = "", Value } of tags ?? all.filter(({ Key = "" }) => !Key.startsWith("aws:"))) {
      if (Value === undefined || own[Key] === Value) delete own[Key];
    }
  }
}
