import type { Index, Table } from "dynalite/db";
import type { Graph } from "../../engine/graph";
import { asList, asMap, asNumber, asText, asTexts, ownResources, type Settings } from "../core/resources";

/** The input of CreateTable, as far as it is read here. */
export type TableInput = Omit<Table, "TableId" | "TableStatus" | "CreationDateTime">;

/** A table of the program. */
export interface TableModel {
  /** The resource's name in the program. */
  resource: string;
  input: TableInput;
  /** The attribute that says when an item expires. */
  expiryAttribute?: string;
}

export function readTables(graph: Graph): TableModel[] {
  return ownResources(graph, "aws:dynamodb/table:Table").map(({ settings, name }) => {
    const { enabled, attributeName } = asMap(settings.ttl);
    const expiryAttribute = enabled === true ? asText(attributeName) : undefined;
    return { resource: name, input: createTableInput(settings, asText(settings.name) ?? name), expiryAttribute };
  });
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
