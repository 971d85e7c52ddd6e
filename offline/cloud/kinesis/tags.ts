import { listTags, type Tag } from "../core/tags";
import { invalid } from "./errors";
import type { Reference, Streams } from "./streams";

type Tags = Record<string, string>;
type ListInput = Reference & { ExclusiveStartTagKey?: string; Limit?: number };

const MAX_TAGS = 50;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_AddTagsToStream.html */
export function addTags(streams: Streams, input: Reference & { Tags: Tags }): void {
  tagResource(streams, { ResourceARN: streams.find(input).arn, Tags: input.Tags });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RemoveTagsFromStream.html */
export function removeTags(streams: Streams, input: Reference & { TagKeys: string[] }): void {
  untagResource(streams, { ResourceARN: streams.find(input).arn, TagKeys: input.TagKeys });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForStream.html */
export function listStreamTags(streams: Streams, input: ListInput): object {
  const { ExclusiveStartTagKey = "", Limit = MAX_TAGS } = input;
  const rest = show(streams.find(input).settings.tags).filter(({ Key }) => Key > ExclusiveStartTagKey);
  return { Tags: rest.slice(0, Limit), HasMoreTags: rest.length > Limit };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html */
export function tagResource(streams: Streams, { ResourceARN, Tags }: { ResourceARN: string; Tags: Tags }): void {
  change(streams, ResourceARN, (tags) => ({ ...tags, ...Tags }));
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html */
export function untagResource(
  streams: Streams,
  { ResourceARN, TagKeys }: { ResourceARN: string; TagKeys: string[] },
): void {
  change(streams, ResourceARN, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
  );
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html */
export function listResourceTags(streams: Streams, { ResourceARN }: { ResourceARN: string }): object {
  const { stream, consumer } = streams.findResource(ResourceARN);
  return { Tags: show(consumer?.tags ?? stream.settings.tags) };
}

function change(streams: Streams, arn: string, to: (tags: Tags) => Tags): void {
  const { stream, consumer } = streams.findResource(arn);
  const tags = to(consumer?.tags ?? stream.settings.tags);
  if (Object.keys(tags).length > MAX_TAGS) {
    throw invalid(`${arn} would have ${Object.keys(tags).length} tags, but can have at most ${MAX_TAGS}.`);
  }
  if (!consumer) stream.change({ settings: { tags } });
  else stream.change({ consumers: stream.state.consumers.map((one) => (one === consumer ? { ...one, tags } : one)) });
}

function show(tags: Tags): Tag[] {
  return listTags(tags).sort((one, other) => (one.Key < other.Key ? -1 : 1));
}
