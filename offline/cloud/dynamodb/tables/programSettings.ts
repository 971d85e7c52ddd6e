import type { Table } from "dynalite/db";
import { asMap, asNumber, asStrings, asText, type Settings as Resource } from "../../core/resources";
import { canonical } from "../canonical";
import { validationError } from "../errors";
import type { Transaction } from "../transaction";
import { checkSettings, recoveryOf, type Settings, withSettings } from "./settings";
import { tagsRefusal } from "./tags";

/** What a table of the program has besides its key, indexes and capacity. */
export interface ProgramSettings extends Settings {
  recovery: { isEnabled: boolean; days?: number };
  tags: Record<string, string>;
}

export function readSettings(resource: Resource): ProgramSettings {
  const { deletionProtectionEnabled, tableClass, tags } = resource;
  const encryption = asMap(resource.serverSideEncryption);
  const [recovery, onDemand, warm] = ["pointInTimeRecovery", "onDemandThroughput", "warmThroughput"].map((name) =>
    asMap(resource[name]),
  );
  return {
    DeletionProtectionEnabled: deletionProtectionEnabled === true,
    TableClass: asText(tableClass),
    SSESpecification:
      encryption.enabled === true ? { Enabled: true, KMSMasterKeyId: asText(encryption.kmsKeyArn) } : undefined,
    OnDemandThroughput: numbersOf(onDemand, "MaxReadRequestUnits", "MaxWriteRequestUnits"),
    WarmThroughput: numbersOf(warm, "ReadUnitsPerSecond", "WriteUnitsPerSecond"),
    recovery: { isEnabled: recovery?.enabled === true, days: asNumber(recovery?.recoveryPeriodInDays) },
    tags: asStrings(tags),
  };
}

/** The numbers that a resource gives under these names, which begin with a small letter there. */
function numbersOf(given: Resource = {}, ...names: string[]): Record<string, number> | undefined {
  const numbers = names.flatMap((name) => {
    const number = asNumber(given[name.replace(/^./, (first) => first.toLowerCase())]);
    return number === undefined ? [] : [[name, number] as const];
  });
  return numbers.length > 0 ? Object.fromEntries(numbers) : undefined;
}

/**
 * Gives a table what the program says, and takes away what it no longer says. Returns whether that changed anything.
 * @throws AwsError when DynamoDB would refuse it
 */
export async function applySettings(transaction: Transaction, name: string, wanted: ProgramSettings): Promise<boolean> {
  const tags = Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value }));
  const refusal = checkSettings(wanted, transaction) ?? tagsRefusal(tags);
  if (refusal) throw validationError(refusal);
  const table = transaction.table(name);
  const {
    TableClassSummary: _class,
    SSEDescription: _key,
    OnDemandThroughput: _most,
    WarmThroughput: _warm,
    ...plain
  } = table;
  const { isEnabled, days } = wanted.recovery;
  const after: Table = { ...withSettings(plain, wanted), PointInTimeRecovery: recoveryOf(isEnabled, days, table) };
  const isChanged = canonical(after) !== canonical(table);
  if (isChanged) transaction.putTable(after);
  return (await applyTags(transaction, name, wanted.tags)) || isChanged;
}

async function applyTags(transaction: Transaction, name: string, wanted: Record<string, string>): Promise<boolean> {
  const present = await transaction.tags(name);
  const dropped = [...present.keys()].filter((key) => !Object.hasOwn(wanted, key));
  const given = Object.entries(wanted).filter(([key, value]) => present.get(key) !== value);
  const section = transaction.getTagDb(name);
  for (const key of dropped) section.del(key, () => {});
  for (const [key, value] of given) section.put(key, value, () => {});
  return dropped.length + given.length > 0;
}
