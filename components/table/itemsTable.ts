import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import { alarm, sumAlarm } from "../observability/alarms";
import { ComponentResource } from "../resource";
import { type TableAccessLevel, type TableAccessOptions, tableAccess } from "./access";
import type { GlobalIndexArgs, IndexArgs, ItemsTableArgs, KeyArgs } from "./args";
import { KeyType, StreamView } from "./args";
import { checkTable } from "./checks";
import { keyOf } from "./keys";
import { followLoad } from "./scaling";

/** A DynamoDB table for items: on demand, encrypted, restorable to any second of the last 35 days. */
export class ItemsTable extends ComponentResource<ItemsTableArgs, ItemsTable> {
  /** The table's name. */
  declare readonly tableName: pulumi.Output<string>;
  /** The table's ARN. */
  declare readonly tableArn: pulumi.Output<string>;
  /** The stream's ARN; absent without a stream. */
  declare readonly streamArn?: pulumi.Output<string>;
  /** The table itself. */
  declare readonly table: dynamodb.Table;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** What `access("write")` returns, for other languages. */
  declare readonly writeAccess: FunctionAccess;
  /** What `access("crud")` returns, for other languages. */
  declare readonly crudAccess: FunctionAccess;
  /** What `access("stream")` returns, for other languages; absent without a stream. */
  declare readonly streamAccess?: FunctionAccess;
  /** What `access("reconfigure")` returns, for other languages. */
  declare readonly reconfigureAccess: FunctionAccess;
  /** What `access("backup")` returns, for other languages. */
  declare readonly backupAccess: FunctionAccess;
  /** What `access("restore")` returns, for other languages. */
  declare readonly restoreAccess: FunctionAccess;
  /** The customer key. */
  declare readonly kmsKeyArn?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: ItemsTableArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["tableName", "tableArn"] as const;
    super(
      { type: "ItemsTable", rules: checkTable, outputs, optionalOutputs: ["streamArn", "kmsKeyArn"] },
      name,
      args,
      opts,
    );
  }

  protected create(name: string, args: ItemsTableArgs): void {
    const table = this.createTable(name, args);
    this.set({ table, tableName: table.name, tableArn: table.arn });
    if (args.stream || args.replicas?.length) this.set({ streamArn: table.streamArn });
    if (args.kmsKeyArn) this.set({ kmsKeyArn: pulumi.output(args.kmsKeyArn) });
    this.set({
      readAccess: this.access("read"),
      writeAccess: this.access("write"),
      crudAccess: this.access("crud"),
      streamAccess: this.streamArn && this.access("stream"),
      reconfigureAccess: this.access("reconfigure"),
      backupAccess: this.access("backup"),
      restoreAccess: this.access("restore"),
    });
    followLoad(name, table, args, { parent: this });
    this.createPolicy(name, args);
    this.createInsights(name, args);
    this.createAlarms(name, args);
  }

  /**
   * What a function needs to use the table: pass it to a LambdaFunction's `access`.
   * @param level `read`, `write` (without deletes), `crud`, or `stream` for the table's changes; `reconfigure` to change
   * the table itself, `backup` to make and delete backups, `restore` to restore it as another table
   * @throws pulumi.RunError for `stream` if the table has none
   */
  access(level: TableAccessLevel, options: TableAccessOptions = {}): FunctionAccess {
    return tableAccess(level, this, options);
  }

  private createTable(name: string, args: ItemsTableArgs): dynamodb.Table {
    const { hashKey = { name: "id" }, rangeKey, readCapacity, writeCapacity, replicas } = args;
    const stream = args.stream ?? (replicas?.length ? StreamView.NewAndOldImages : undefined);
    return new dynamodb.Table(
      name,
      {
        billingMode: readCapacity ? "PROVISIONED" : "PAY_PER_REQUEST",
        readCapacity: readCapacity?.minimum,
        writeCapacity: writeCapacity?.minimum,
        deletionProtectionEnabled: args.deletionProtection ?? false,
        pointInTimeRecovery: { enabled: args.pointInTimeRecovery ?? true },
        serverSideEncryption: args.kmsKeyArn ? { enabled: true, kmsKeyArn: args.kmsKeyArn } : undefined,
        tableClass: args.tableClass,
        ttl: args.ttlAttribute ? { attributeName: args.ttlAttribute, enabled: true } : undefined,
        streamViewType: stream,
        warmThroughput: args.warmThroughput,
        importTable: args.importTable,
        tags: args.tags,
        ...args.tableArgs,
        hashKey: hashKey.name,
        rangeKey: rangeKey?.name,
        attributes: attributesOf(args, hashKey),
        globalSecondaryIndexes: args.globalIndexes?.map((index) => globalIndex(index, args)),
        localSecondaryIndexes: args.localIndexes?.map((index) => ({
          ...projection(index),
          name: index.name,
          rangeKey: index.rangeKey?.name ?? "",
        })),
        streamEnabled: stream === undefined ? undefined : true,
        replicas: replicas?.map(({ region, kmsKeyArn }) => ({
          regionName: region,
          kmsKeyArn,
          pointInTimeRecovery: args.pointInTimeRecovery ?? true,
          deletionProtectionEnabled: args.deletionProtection ?? false,
          propagateTags: true,
        })),
      },
      { ...this.guarded(), ignoreChanges: scaledProperties(args) },
    );
  }

  private createPolicy(name: string, { resourcePolicy }: ItemsTableArgs): void {
    if (!resourcePolicy) return;
    const policyArgs = { resourceArn: this.tableArn, policy: resourcePolicy };
    new dynamodb.ResourcePolicy(name, policyArgs, { parent: this });
  }

  private createInsights(name: string, { contributorInsights, globalIndexes = [] }: ItemsTableArgs): void {
    if (!contributorInsights) return;
    const { tableName } = this;
    new dynamodb.ContributorInsights(name, { tableName }, { parent: this });
    for (const { name: indexName } of globalIndexes) {
      new dynamodb.ContributorInsights(`${name}-${indexName}`, { tableName, indexName }, { parent: this });
    }
  }

  private createAlarms(name: string, { alarmTopicArns = [], globalIndexes = [], tags }: ItemsTableArgs): void {
    if (alarmTopicArns.length === 0) return;
    const opts = { parent: this };
    const dynamodb = { namespace: "AWS/DynamoDB", threshold: 1, tags };
    const dimensions = { TableName: this.tableName };
    const throttleAlarms = (alarmed: string, throttled: Record<string, pulumi.Input<string>>) => {
      for (const kind of ["Read", "Write"]) {
        const description = `DynamoDB throttled ${kind.toLowerCase()}s of ${alarmed}`;
        const spec = { ...dynamodb, description, metric: `${kind}ThrottleEvents`, dimensions: throttled };
        alarm(`${alarmed}-${kind.toLowerCase()}-throttles`, spec, alarmTopicArns, opts);
      }
    };
    throttleAlarms(name, dimensions);
    // An index's throttled requests are not counted among the table's.
    for (const { name: indexName } of globalIndexes) {
      throttleAlarms(`${name}-${indexName}`, { ...dimensions, GlobalSecondaryIndexName: indexName });
    }
    // DynamoDB reports this metric by operation only, hence the sum.
    const byOperation = errorOperations.map((Operation) => ({ ...dimensions, Operation }));
    const spec = { ...dynamodb, description: `DynamoDB failed on ${name}`, metric: "SystemErrors" };
    sumAlarm(`${name}-system-errors`, { ...spec, dimensions: byOperation }, alarmTopicArns, opts);
  }
}

const errorOperations = [
  ...["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"],
  ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
];

/** Each key attribute once: DynamoDB refuses attributes that no key uses. */
function attributesOf(args: ItemsTableArgs, hashKey: KeyArgs) {
  const indexes = [...(args.globalIndexes ?? []), ...(args.localIndexes ?? [])].map(keyOf);
  const keys = [
    hashKey,
    args.rangeKey,
    ...indexes.flatMap(({ hash, range }) => [...hash, ...range].map(([, key]) => key)),
  ];
  const types = new Map(keys.flatMap((key) => (key ? [[key.name, key.type ?? KeyType.String] as const] : [])));
  return [...types].map(([name, type]) => ({ name, type }));
}

function globalIndex(index: GlobalIndexArgs, { readCapacity, writeCapacity }: ItemsTableArgs) {
  return {
    ...projection(index),
    ...keySchema(index),
    name: index.name,
    warmThroughput: index.warmThroughput,
    readCapacity: readCapacity?.minimum,
    writeCapacity: writeCapacity?.minimum,
  };
}

/**
 * A key that `hashKey` and `rangeKey` can express keeps this deprecated form: when an existing index comes to have the
 * same key as `keySchemas`, the provider may delete it and build it again.
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/46512
 */
function keySchema(index: GlobalIndexArgs) {
  const { hash, range } = keyOf(index);
  const names = (key: typeof hash) => key.map(([, { name }]) => name);
  if (hash.length === 1 && range.length <= 1) return { hashKey: names(hash)[0], rangeKey: names(range)[0] };
  return {
    keySchemas: [
      ...names(hash).map((attributeName) => ({ attributeName, keyType: "HASH" })),
      ...names(range).map((attributeName) => ({ attributeName, keyType: "RANGE" })),
    ],
  };
}

function projection({ projectedAttributes }: IndexArgs) {
  if (!projectedAttributes) return { projectionType: "ALL" };
  if (projectedAttributes.length === 0) return { projectionType: "KEYS_ONLY" };
  return { projectionType: "INCLUDE", nonKeyAttributes: projectedAttributes };
}

/** The capacities that autoscaling changes behind Pulumi's back. */
function scaledProperties({ readCapacity, writeCapacity }: ItemsTableArgs): string[] {
  return [
    ...(readCapacity?.maximum ? ["readCapacity", "globalSecondaryIndexes[*].readCapacity"] : []),
    ...(writeCapacity?.maximum ? ["writeCapacity", "globalSecondaryIndexes[*].writeCapacity"] : []),
  ];
}
