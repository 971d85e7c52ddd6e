import type { Index, Table } from "dynalite/db";
import type { Graph } from "../../../engine/graph";
import {
  asList,
  asMap,
  asNumber,
  asText,
  asTexts,
  ownResources,
  type PlainResource,
  type Settings,
} from "../../core/resources";
import type { ViewType } from "../streams/stream";
import { type ProgramSettings, readSettings } from "./programSettings";

/** The input of CreateTable, as far as it is read here. */
export type TableInput = Omit<Table, "TableArn" | "TableId" | "TableStatus" | "CreationDateTime">;

/** A table of the program. */
export interface TableModel {
  /** The resource's name in the program. */
  resource: string;
  input: TableInput;
  settings: ProgramSettings;
  /** The attribute that says when an item expires. */
  expiryAttribute?: string;
  /** What its stream has of items. @default no stream */
  streamViewType?: ViewType;
}

export function readTables(graph: Graph): TableModel[] {
  const separate = ownResources(graph, "aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex");
  return ownResources(graph, "aws:dynamodb/table:Table").map(({ settings, name }) => {
    const tableName = asText(settings.name) ?? name;
    const { enabled, attributeName } = asMap(settings.ttl);
    const expiryAttribute = enabled === true ? asText(attributeName) : undefined;
    const own = separate.filter((index) => index.settings.tableName === tableName);
    const input = createTableInput(withIndexes(settings, own), tableName);
    const streamViewType = settings.streamEnabled === true ? (asText(settings.streamViewType) as ViewType) : undefined;
    return { resource: name, expiryAttribute, streamViewType, input, settings: readSettings(settings) };
  });
}

/** A table's settings with its indexes that are resources of their own, as if they were written in the table. */
function withIndexes(table: Settings, indexes: PlainResource[]): Settings {
  const attributes = new Map(asList(table.attributes).map((attribute) => [attribute.name, attribute]));
  const globalSecondaryIndexes = asList(table.globalSecondaryIndexes);
  for (const { settings } of indexes) {
    const { readCapacityUnits, writeCapacityUnits } = asMap(settings.provisionedThroughput);
    const capacity = { readCapacity: readCapacityUnits, writeCapacity: writeCapacityUnits };
    const { indexName: name, keySchemas, projection } = settings;
    globalSecondaryIndexes.push({ name, keySchemas, ...asMap(projection), ...capacity });
    // As the provider does, this keeps the type that the table gives an attribute.
    for (const { attributeName, attributeType } of asList(keySchemas)) {
      if (!attributes.has(attributeName)) attributes.set(attributeName, { name: attributeName, type: attributeType });
    }
  }
  return { ...table, attributes: [...attributes.values()], globalSecondaryIndexes };
}

function createTableInput(settings: Settings, name: string): TableInput {
  const onDemand = settings.billingMode === "PAY_PER_REQUEST";
  const globalIndexes = asList(settings.globalSecondaryIndexes).map((index) => ({
    ...indexOf(index),
    ...(!onDemand && capacityOf(index)),
  }));
  const localIndexes = asList(settings.localSecondaryIndexes).map((index) =>
    indexOf({ ...index, hashKey: settings.hashKey }),
  );
  return {
    TableName: name,
    AttributeDefinitions: asList(settings.attributes).map((attribute) => ({
      AttributeName: String(attribute.name),
      AttributeType: String(attribute.type),
    })),
    KeySchema: keySchemaOf(settings),
    ...(onDemand ? { BillingMode: "PAY_PER_REQUEST" } : capacityOf(settings)),
    ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
  };
}

function indexOf(index: Settings): Index {
  const nonKeyAttributes = asTexts(index.nonKeyAttributes);
  return {
    IndexName: String(index.name),
    KeySchema: keySchemaOf(index),
    Projection: {
      ProjectionType: asText(index.projectionType) ?? "ALL",
      ...(nonKeyAttributes.length > 0 && { NonKeyAttributes: nonKeyAttributes }),
    },
  };
}

/** A key is given as `hashKey` and `rangeKey`, or by newer providers, for indexes, as a list. */
function keySchemaOf({ hashKey, rangeKey, keySchemas }: Settings): Table["KeySchema"] {
  const listed = asList(keySchemas).map(({ attributeName, keyType }) => ({
    AttributeName: String(attributeName),
    KeyType: String(keyType),
  }));
  if (listed.length > 0) return listed;
  const range = rangeKey ? [{ AttributeName: String(rangeKey), KeyType: "RANGE" }] : [];
  return [{ AttributeName: String(hashKey), KeyType: "HASH" }, ...range];
}

function capacityOf({ readCapacity, writeCapacity }: Settings) {
  return {
    ProvisionedThroughput: {
      ReadCapacityUnits: asNumber(readCapacity) || 1,
      WriteCapacityUnits: asNumber(writeCapacity) || 1,
    },
  };
}
