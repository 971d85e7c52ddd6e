import { setTimeout } from "node:timers/promises";
import { type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { log } from "./log";
import type { Settings } from "./settings";
import { type Checkpoint, JobRecord } from "./summaries";
import { addItem, noTotals, resultOf, type SummarisedItem } from "./totals";

/**
 * Reads the items page by page and stores their summary; an existing summary is left as it is. The progress is stored
 * with each page, so that the next attempt continues from there even if the host is gone without warning.
 * @param signal stops the reading when it is aborted
 * @returns whether the summary exists
 */
export async function summarise(
  settings: Settings,
  database: DynamoDBDocumentClient,
  signal: AbortSignal,
): Promise<boolean> {
  const record = new JobRecord(database, settings);
  const stored = await record.read();
  if (stored?.summary) {
    log("INFO", "The summary already exists");
    return true;
  }
  const checkpoint = stored?.checkpoint ?? { totals: noTotals() };
  if (stored?.checkpoint) log("INFO", "Resumed", { items: checkpoint.totals.items });
  try {
    await scan(settings, database, record, checkpoint, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    log("WARN", "Interrupted; the next attempt continues from here", { items: checkpoint.totals.items });
    return false;
  }
  const { id, category, segment } = settings;
  const summary = { id, finishedAt: new Date().toISOString(), category, segment, ...resultOf(checkpoint.totals) };
  await record.write({ summary });
  log("INFO", "Done", { items: summary.items });
  return true;
}

/** Adds the items after the checkpoint to its totals, advances it with each page and stores it. */
async function scan(
  settings: Settings,
  database: DynamoDBDocumentClient,
  record: JobRecord,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<void> {
  const { readUnitsPerSecond } = settings;
  do {
    signal.throwIfAborted();
    const { after } = checkpoint;
    const page = await database.send(scanCommand(settings, after), { abortSignal: signal });
    for (const item of page.Items ?? []) addItem(checkpoint.totals, item as SummarisedItem);
    checkpoint.after = page.LastEvaluatedKey;
    if (checkpoint.after) await record.write({ checkpoint });
    log("INFO", "Read a page", { items: checkpoint.totals.items });
    if (readUnitsPerSecond && checkpoint.after) {
      const units = page.ConsumedCapacity?.CapacityUnits ?? 0;
      await setTimeout((units / readUnitsPerSecond) * 1000, undefined, { signal });
    }
  } while (checkpoint.after);
}

function scanCommand({ itemsTable, segment, category, readUnitsPerSecond }: Settings, after: Checkpoint["after"]) {
  return new ScanCommand({
    TableName: itemsTable,
    ExclusiveStartKey: after,
    Segment: segment?.index,
    TotalSegments: segment?.size,
    ProjectionExpression: "id, #name, price, quantity, createdAt",
    ExpressionAttributeNames: { "#name": "name" },
    ...(category !== undefined && {
      FilterExpression: "category = :category",
      ExpressionAttributeValues: { ":category": category },
    }),
    // An item of 4 KB consumes half a unit: a page consumes about a second's units at most.
    ...(readUnitsPerSecond && {
      Limit: Math.max(1, Math.round(readUnitsPerSecond * 2)),
      ReturnConsumedCapacity: "TOTAL" as const,
    }),
  });
}
