import { defineService } from "../core/defineService";
import { deregisterConsumer, describeConsumer, listConsumers, registerConsumer } from "./consumers";
import { describeStream, describeStreamSummary, listShards, listStreams } from "./describe";
import { createStream, deleteStream } from "./lifecycle";
import { putRecord, putRecords } from "./put";
import { getRecords, getShardIterator } from "./read";
import * as settings from "./settings";
import { mergeShards, splitShard, updateShardCount } from "./shards";
import type { Streams } from "./streams";
import { subscribeToShard } from "./subscribe";
import * as tags from "./tags";

/** Amazon Kinesis Data Streams. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html */
export const kinesis = defineService<Streams>(
  "kinesis",
  {
    AddTagsToStream: tags.addTags,
    CreateStream: createStream,
    DecreaseStreamRetentionPeriod: settings.decreaseRetention,
    DeleteResourcePolicy: settings.deletePolicy,
    DeleteStream: deleteStream,
    DeregisterStreamConsumer: deregisterConsumer,
    DescribeLimits: settings.describeLimits,
    DescribeStream: describeStream,
    DescribeStreamConsumer: describeConsumer,
    DescribeStreamSummary: describeStreamSummary,
    DisableEnhancedMonitoring: settings.disableMonitoring,
    EnableEnhancedMonitoring: settings.enableMonitoring,
    GetRecords: getRecords,
    GetResourcePolicy: settings.getPolicy,
    GetShardIterator: getShardIterator,
    IncreaseStreamRetentionPeriod: settings.increaseRetention,
    ListShards: listShards,
    ListStreamConsumers: listConsumers,
    ListStreams: listStreams,
    ListTagsForResource: tags.listResourceTags,
    ListTagsForStream: tags.listStreamTags,
    MergeShards: mergeShards,
    PutRecord: putRecord,
    PutRecords: putRecords,
    PutResourcePolicy: settings.putPolicy,
    RegisterStreamConsumer: registerConsumer,
    RemoveTagsFromStream: tags.removeTags,
    SplitShard: splitShard,
    StartStreamEncryption: settings.startEncryption,
    StopStreamEncryption: settings.stopEncryption,
    SubscribeToShard: subscribeToShard,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    UpdateMaxRecordSize: settings.updateMaxRecordSize,
    UpdateShardCount: updateShardCount,
    UpdateStreamMode: settings.updateMode,
    UpdateStreamRecordDistributionStrategy: settings.updateDistribution,
  },
  { cbor: true },
);
