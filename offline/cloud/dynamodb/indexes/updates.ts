import type { Index, Table } from "dynalite/db";
import type { Action, Corrections } from "../correction";
import { dynamoError, validationError } from "../errors";
import { THROUGHPUT_TYPES } from "../tables/settings";
import { indexesOf, rebuildIndexes } from "./indexes";
import { indexRefusal, MOST_KEY_ATTRIBUTES, projectionRefusal } from "./rules";

interface UpdateInput {
  TableName: string;
  AttributeDefinitions?: Table["AttributeDefinitions"];
  GlobalSecondaryIndexUpdates?: { Create?: Index; Update?: Index; Delete?: { IndexName: string } }[];
}

const INVALID = "One or more parameter values were invalid:";
const MOST_INDEXES = 20;

/** Creates and deletes indexes, which dynalite does not. */
const changeIndexes =
  (next: Action): Action =>
  async (transaction, data) => {
    const { TableName, GlobalSecondaryIndexUpdates: updates = [], AttributeDefinitions = [] } = data as UpdateInput;
    const before = transaction.findTable(TableName);
    if (before) checkUpdates(before, data as UpdateInput);
    const answer = await next(transaction, data);
    const created = updates.flatMap(({ Create }) => Create ?? []);
    const deleted = updates.flatMap(({ Delete }) => Delete?.IndexName ?? []);
    if (created.length + deleted.length === 0) return answer;
    const table = transaction.table(TableName);
    const kept = table.GlobalSecondaryIndexes?.filter(({ IndexName }) => !deleted.includes(IndexName)) ?? [];
    const indexes = [...kept, ...created.map((index) => describe(index, table))];
    const after = withIndexes(table, indexes, AttributeDefinitions);
    transaction.putTable(after);
    await rebuildIndexes(transaction, table, after);
    const during = indexes.map((index) => (kept.includes(index) ? index : { ...index, IndexStatus: "CREATING" }));
    const leaving = table.GlobalSecondaryIndexes?.filter((index) => !kept.includes(index)) ?? [];
    const GlobalSecondaryIndexes = [...during, ...leaving.map((index) => ({ ...index, IndexStatus: "DELETING" }))];
    return { TableDescription: { ...after, TableStatus: "UPDATING", GlobalSecondaryIndexes } };
  };

/** @throws AwsError when the table cannot have its indexes changed like this */
function checkUpdates(
  table: Table,
  { AttributeDefinitions = [], GlobalSecondaryIndexUpdates = [] }: UpdateInput,
): void {
  const names = new Set(table.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  const all = [...table.AttributeDefinitions, ...AttributeDefinitions];
  const definitions = [...new Set(all.map(({ AttributeName }) => AttributeName))];
  const changes = GlobalSecondaryIndexUpdates.filter(({ Create, Delete }) => Create || Delete);
  for (const { Create, Update, Delete } of GlobalSecondaryIndexUpdates) {
    if (Create && names.has(Create.IndexName))
      throw validationError("Attempting to create an index which already exists");
    const missing = [Update, Delete].find((index) => index && !names.has(index.IndexName));
    if (missing) throw indexNotFound(table, missing.IndexName);
    if (Create) checkNew(Create, table, definitions);
  }
  if (changes.length > 1) throw limitExceeded("Only 1 online index can be created or deleted simultaneously per table");
  if (changes.some(({ Create }) => Create) && names.size >= MOST_INDEXES) {
    throw limitExceeded(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_INDEXES}`);
  }
}

function checkNew(index: Index, table: Table, definitions: string[]): void {
  const { IndexName, ProvisionedThroughput } = index;
  const refusal = indexRefusal(index, definitions);
  if (refusal) throw validationError(refusal);
  const isOnDemand = table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST";
  if (!isOnDemand && !ProvisionedThroughput) {
    throw validationError(
      `${INVALID} Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${IndexName}`,
    );
  }
  if (isOnDemand && ProvisionedThroughput) {
    throw validationError(
      `${INVALID} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ${IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
}

function describe(index: Index, { TableArn }: Table): Index {
  const capacity = index.ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return {
    ...index,
    IndexStatus: "ACTIVE",
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...capacity } as Index["ProvisionedThroughput"],
    ...{ IndexArn: `${TableArn}/index/${index.IndexName}`, IndexSizeBytes: 0, ItemCount: 0 },
  };
}

/** A table with these indexes, and the definitions of the attributes that its keys need. */
function withIndexes(table: Table, indexes: Index[], definitions: Table["AttributeDefinitions"]): Table {
  const after = { ...table, GlobalSecondaryIndexes: indexes.length > 0 ? indexes : undefined };
  const keys = [after, ...indexesOf(after)].flatMap(({ KeySchema }) => KeySchema);
  const used = new Set(keys.map(({ AttributeName }) => AttributeName));
  const all = new Map(
    [...definitions, ...table.AttributeDefinitions].map((definition) => [definition.AttributeName, definition]),
  );
  return { ...after, AttributeDefinitions: [...all.values()].filter(({ AttributeName }) => used.has(AttributeName)) };
}

function limitExceeded(reason: string): Error {
  const message = `Subscriber limit exceeded: ${reason}`;
  return dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#LimitExceededException", message });
}

function indexNotFound({ LocalSecondaryIndexes = [] }: Table, name: string): Error {
  if (LocalSecondaryIndexes.some(({ IndexName }) => IndexName === name)) {
    return validationError(`Cannot delete an index that is not a GlobalSecondaryIndex: ${name}`);
  }
  const message = "Requested resource not found";
  return dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message });
}

/** Indexes as a table gets them, when it is created or later. */
export const INDEXES: Corrections = {
  CreateTable: {
    check: ({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: Partial<Table>) => {
      const incomplete = [...LocalSecondaryIndexes, ...GlobalSecondaryIndexes].find(
        ({ Projection }) => Projection.ProjectionType === "INCLUDE" && !Projection.NonKeyAttributes,
      );
      return incomplete && projectionRefusal(incomplete.Projection);
    },
  },
  UpdateTable: {
    types: {
      AttributeDefinitions: {
        type: "List",
        children: {
          type: "ValueStruct<AttributeDefinition>",
          children: {
            AttributeName: { type: "String", notNull: true },
            AttributeType: { type: "String", notNull: true, enum: ["B", "N", "S"] },
          },
        },
      },
      GlobalSecondaryIndexUpdates: {
        children: {
          children: {
            Create: {
              children: {
                ...THROUGHPUT_TYPES,
                KeySchema: { lengthLessThanOrEqual: MOST_KEY_ATTRIBUTES },
                ProvisionedThroughput: { notNull: undefined },
              },
            },
          },
        },
      },
    },
    effect: changeIndexes,
  },
};
