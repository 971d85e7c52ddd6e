import type * as dynamodb from "@pulumi/aws/dynamodb";
import type * as types from "@pulumi/aws/types";
import type * as pulumi from "@pulumi/pulumi";

/** The type of a key attribute. */
export const KeyType = {
  /** Text. */
  String: "S",
  /** A number. */
  Number: "N",
  /** Bytes. */
  Binary: "B",
} as const;
export type KeyType = (typeof KeyType)[keyof typeof KeyType];

/** What a stream's records contain of an item. */
export const StreamView = {
  KeysOnly: "KEYS_ONLY",
  NewImage: "NEW_IMAGE",
  OldImage: "OLD_IMAGE",
  NewAndOldImages: "NEW_AND_OLD_IMAGES",
} as const;
export type StreamView = (typeof StreamView)[keyof typeof StreamView];

/** The trade-off between the costs of storage and of requests. */
export const TableClass = {
  Standard: "STANDARD",
  /** Cheaper storage, more expensive requests. */
  InfrequentAccess: "STANDARD_INFREQUENT_ACCESS",
} as const;
export type TableClass = (typeof TableClass)[keyof typeof TableClass];

/** An attribute of a key. */
export interface KeyArgs {
  /** The attribute's name, 1–255 characters. @minLength 1 @maxLength 255 */
  name: string;
  /** The attribute's type. @default "S" */
  type?: KeyType;
}

/** The arguments that both kinds of indexes have. */
export interface IndexArgs {
  /** The index's name, 3–255 characters. @pattern `^[\w.-]{3,255}$` @write 3 to 255 letters, digits, `.`, `_` and `-` */
  name: string;
  /** The sort key. A local index must have one. */
  rangeKey?: KeyArgs;
  /**
   * The attributes copied to the index besides its keys, at most 20; an empty list copies only the keys.
   * @maxItems 20 @write up to 20 names, or leave it out to copy every attribute
   * @default every attribute
   */
  projectedAttributes?: string[];
}

/**
 * A global secondary index. Its partition key and its sort key have one attribute each, or up to four. DynamoDB's vector
 * indexes are missing, as Pulumi's AWS provider does not have them.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
 */
export interface GlobalIndexArgs extends IndexArgs {
  /** The partition key, if it is one attribute. */
  hashKey?: KeyArgs;
  /** The partition key's attributes instead of `hashKey`, 1–4. A query gives the value of each. @minItems 1 @maxItems 4 */
  hashKeys?: KeyArgs[];
  /**
   * The sort key's attributes instead of `rangeKey`, 1–4, the most general first: a query gives the values of the first
   * ones, or none. @minItems 1 @maxItems 4
   */
  rangeKeys?: KeyArgs[];
  /** The load that the index can take at once. @default what DynamoDB gives it */
  warmThroughput?: WarmThroughputArgs;
}

/** Provisioned capacity units, and how far they may follow the load. */
export interface CapacityArgs {
  /** The minimum units, 1–40,000. @minimum 1 @maximum 40000 @unit units */
  minimum: number;
  /**
   * The maximum units, 1–40,000. A table that was on demand must have a fixed capacity first, and the maximum in the
   * next update, as what autoscaling changes is left alone. @minimum 1 @maximum 40000 @unit units
   * @default the minimum: a fixed capacity without autoscaling
   */
  maximum?: number;
  /**
   * Percentage of the provisioned units in use that autoscaling aims for, 20–90. @minimum 20 @maximum 90 @unit percent
   * @default 70
   */
  targetUtilization?: number;
}

/**
 * The load that a table or an index can take at once, without scaling first. Raising it is charged once. DynamoDB itself
 * raises the value as the load grows and never lowers it, so leave the argument out once the event is over: if the value is
 * lower than what the stack's state has, the provider fails, or deletes an index and builds it again.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
export interface WarmThroughputArgs {
  /**
   * Read units a second: at least 12,000, or for an index with provisioned capacity, at least that capacity's minimum.
   * AWS would take less than 12,000 for a table with provisioned capacity too, but the provider does not.
   * @minimum 1 @unit units @default the present value
   */
  readUnitsPerSecond?: number;
  /**
   * Write units a second: at least 4,000, or for an index with provisioned capacity, at least that capacity's minimum,
   * which is 1 or more.
   * @minimum 1 @unit units @default the present value
   */
  writeUnitsPerSecond?: number;
}

/** A copy of the table in another region. */
export interface ReplicaArgs {
  /** The region's name. */
  region: string;
  /** The customer key in that region. Required if the table has a customer key, and only then. */
  kmsKeyArn?: pulumi.Input<string>;
}

/** Arguments of {@link ItemsTable}. */
export interface ItemsTableArgs {
  /** The partition key. @default { name: "id", type: "S" } */
  hashKey?: KeyArgs;
  /** The sort key. @default none */
  rangeKey?: KeyArgs;
  /** Global secondary indexes, at most 20. DynamoDB adds or removes one per update. @maxItems 20 @default none */
  globalIndexes?: GlobalIndexArgs[];
  /** Local secondary indexes, at most 5; they need a range key and cannot be added later. @maxItems 5 @default none */
  localIndexes?: IndexArgs[];
  /**
   * Keep a stream of changes, which contains this of each item. With replicas it is `NEW_AND_OLD_IMAGES`.
   * @default no stream
   */
  stream?: StreamView;
  /** The attribute, in epoch seconds, after which DynamoDB deletes an item. @default none */
  ttlAttribute?: string;
  /** A customer-managed KMS key. @default the key that AWS owns: encrypted, without a charge */
  kmsKeyArn?: pulumi.Input<string>;
  /** Restore to any second of the last 35 days. @default true */
  pointInTimeRecovery?: pulumi.Input<boolean>;
  /** Refuse to delete the table, in the program and in the console. @default false */
  deletionProtection?: pulumi.Input<boolean>;
  /** The storage class. @default "STANDARD" */
  tableClass?: TableClass;
  /** Provisioned read capacity of the table and of each global index; give `writeCapacity` too. @default on demand */
  readCapacity?: CapacityArgs;
  /** Provisioned write capacity of the table and of each global index; give `readCapacity` too. @default on demand */
  writeCapacity?: CapacityArgs;
  /** The load that the table, but not its indexes, can take at once in each region. @default what DynamoDB gives it */
  warmThroughput?: WarmThroughputArgs;
  /** Copies in other regions (a global table); the table must be on demand. @default none */
  replicas?: ReplicaArgs[];
  /** Fill the new table from S3. @default none */
  importTable?: pulumi.Input<types.input.dynamodb.TableImportTable>;
  /** A resource-based policy, as JSON. @default none */
  resourcePolicy?: pulumi.Input<string>;
  /** Report the most used keys, of the table and each global index; charged by the event. @default false */
  contributorInsights?: boolean;
  /**
   * SNS topics notified of throttled requests and of errors of DynamoDB itself; an empty list is the same as none.
   * @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the table itself; they override this component's, except keys and indexes. @default none */
  tableArgs?: Partial<dynamodb.TableArgs>;
}
