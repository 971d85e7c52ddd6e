import type { Mistakes } from "../validation";
import type { CapacityArgs, GlobalIndexArgs, ItemsTableArgs, KeyArgs, WarmThroughputArgs } from "./args";
import { KeyType, StreamView } from "./args";
import { keyOf } from "./keys";

const replaceable = {
  attributes: "`hashKey`, `rangeKey` and the indexes' keys",
  hashKey: "`hashKey`",
  rangeKey: "`rangeKey`",
  globalSecondaryIndexes: "`globalIndexes`",
  localSecondaryIndexes: "`localIndexes`",
  billingMode: "`readCapacity` and `writeCapacity`",
  readCapacity: "`readCapacity`",
  writeCapacity: "`writeCapacity`",
  streamEnabled: "`stream`",
  streamViewType: "`stream`",
  replicas: "`replicas`",
} as const;

/** Adds every mistake in a table's arguments. */
export function checkTable(mistakes: Mistakes, args: ItemsTableArgs, name: string): void {
  mistakes.componentName(name, 255, /^[\w.-]+$/, "letters, digits, `.`, `_` and `-`");
  checkKeys(mistakes, args);
  checkIndexes(mistakes, args);
  checkCapacity(mistakes, args);
  checkWarmThroughput(mistakes, args, args.warmThroughput, "warmThroughput");
  for (const [i, { warmThroughput }] of (args.globalIndexes ?? []).entries()) {
    checkWarmThroughput(mistakes, args, warmThroughput, `globalIndexes[${i}].warmThroughput`);
  }
  checkReplicas(mistakes, args);
  for (const [key, instead] of Object.entries(replaceable)) {
    mistakes.check(!(key in (args.tableArgs ?? {})), `tableArgs.${key}`, `write the component's ${instead} instead`);
  }
}

/** The keys of a table and its indexes, each with its path. */
function* keys(args: ItemsTableArgs): Generator<[path: string, key: KeyArgs]> {
  if (args.hashKey) yield ["hashKey", args.hashKey];
  if (args.rangeKey) yield ["rangeKey", args.rangeKey];
  for (const kind of ["globalIndexes", "localIndexes"] as const) {
    for (const [position, index] of (args[kind] ?? []).entries()) {
      const { hash, range } = keyOf(index);
      for (const [path, key] of [...hash, ...range]) yield [`${kind}[${position}].${path}`, key];
    }
  }
}

function checkKeys(mistakes: Mistakes, args: ItemsTableArgs): void {
  const types = new Map<string, string>(args.hashKey ? [] : [["id", KeyType.String]]);
  for (const [path, { name, type = KeyType.String }] of keys(args)) {
    const known = types.get(name) ?? type;
    mistakes.check(known === type, `${path}.type`, `"${name}" is "${known}" in another key; write that here too`);
    types.set(name, type);
  }
  const hashKey = args.hashKey?.name ?? "id";
  mistakes.check(
    args.rangeKey?.name !== hashKey,
    "rangeKey.name",
    `"${hashKey}" is the hash key; write another attribute`,
  );
  mistakes.check(
    args.ttlAttribute !== hashKey,
    "ttlAttribute",
    `"${hashKey}" is the hash key; write another attribute`,
  );
}

function checkIndexes(mistakes: Mistakes, args: ItemsTableArgs): void {
  const { globalIndexes = [], localIndexes = [] } = args;
  mistakes.check(
    localIndexes.length === 0 || args.rangeKey !== undefined,
    "localIndexes",
    "need a table with a `rangeKey`; give it one, or write `globalIndexes`",
  );
  // An import creates the table with its global indexes only. @see DynamoDB API, TableCreationParameters
  const unimported = args.importTable === undefined || localIndexes.length === 0;
  mistakes.check(
    unimported,
    "localIndexes",
    "cannot be created by an import; leave out `importTable`, or write `globalIndexes`",
  );
  const named = new Set<string>();
  const checkName = (name: string, path: string) => {
    mistakes.check(!named.has(name), `${path}.name`, `"${name}" is taken by another index`);
    named.add(name);
  };
  for (const [i, index] of globalIndexes.entries()) {
    checkName(index.name, `globalIndexes[${i}]`);
    checkIndexKey(mistakes, index, `globalIndexes[${i}]`);
  }
  for (const [i, index] of localIndexes.entries()) {
    checkName(index.name, `localIndexes[${i}]`);
    mistakes.check(
      index.rangeKey !== undefined,
      `localIndexes[${i}].rangeKey`,
      "is missing; write the index's sort key",
    );
  }
}

function checkIndexKey(mistakes: Mistakes, index: GlobalIndexArgs, path: string): void {
  const { hash, range } = keyOf(index);
  const known = mistakes.from(`${path}.hashKeys`);
  known.check(hash.length > 0, `${path}.hashKey`, "is missing; write `hashKey`, or `hashKeys` with up to 4 attributes");
  for (const one of ["hashKey", "rangeKey"] as const) {
    const single = index[one] === undefined || index[`${one}s`] === undefined;
    mistakes.check(single, `${path}.${one}s`, `cannot be combined with \`${one}\`; write one of them`);
  }
  const names = new Set<string>();
  for (const [place, { name }] of [...hash, ...range]) {
    mistakes.check(!names.has(name), `${path}.${place}.name`, `"${name}" is in this key already; leave it out`);
    names.add(name);
  }
}

function checkCapacity(mistakes: Mistakes, args: ItemsTableArgs): void {
  const { readCapacity, writeCapacity } = args;
  if (readCapacity && !writeCapacity)
    mistakes.add("writeCapacity", "is missing, although `readCapacity` is given; write both or none");
  if (writeCapacity && !readCapacity)
    mistakes.add("readCapacity", "is missing, although `writeCapacity` is given; write both or none");
  const check = (capacity: CapacityArgs | undefined, path: string) => {
    if (!capacity) return;
    const above = mistakes.from(`${path}.minimum`);
    above.range(capacity.maximum, `${path}.maximum`, capacity.minimum, 40_000, "units");
    const unused = capacity.targetUtilization !== undefined && capacity.maximum === undefined;
    mistakes.check(!unused, `${path}.targetUtilization`, "does nothing without a `maximum`; write both");
  };
  check(readCapacity, "readCapacity");
  check(writeCapacity, "writeCapacity");
}

/**
 * On demand, AWS refuses less than a table or an index has from the start; with provisioned capacity, less than its units.
 * The provider refuses the former for every table.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/49894
 */
function checkWarmThroughput(
  mistakes: Mistakes,
  args: ItemsTableArgs,
  warm: WarmThroughputArgs | undefined,
  path: string,
): void {
  if (!warm) return;
  const isGiven = warm.readUnitsPerSecond !== undefined || warm.writeUnitsPerSecond !== undefined;
  mistakes.check(isGiven, path, "is empty; write `readUnitsPerSecond`, `writeUnitsPerSecond` or both");
  const check = (unit: keyof WarmThroughputArgs, initial: number, capacity: "readCapacity" | "writeCapacity") => {
    const { [unit]: value } = warm;
    const { minimum = 0 } = args[capacity] ?? {};
    const isProvisionedIndex = args[capacity] !== undefined && path !== "warmThroughput";
    const least = isProvisionedIndex ? minimum : Math.max(minimum, initial);
    const initially = args[capacity] ? "the least that the provider takes for a table" : "the default";
    const reason = least === initial ? initially : `the minimum of \`${capacity}\``;
    const instead = `write at least ${least} units, ${reason}, or leave it out`;
    mistakes.from(capacity).check(value === undefined || value >= least, `${path}.${unit}`, `is ${value}; ${instead}`);
  };
  check("readUnitsPerSecond", 12_000, "readCapacity");
  check("writeUnitsPerSecond", 4_000, "writeCapacity");
}

function checkReplicas(mistakes: Mistakes, args: ItemsTableArgs): void {
  const { replicas = [], stream, readCapacity, writeCapacity } = args;
  // A replica is added when the table is created, before its autoscaling is: "Table write capacity should either be
  // Pay-Per-Request or AutoScaled". https://github.com/hashicorp/terraform-provider-aws/issues/13097
  mistakes.check(
    replicas.length === 0 || !(readCapacity ?? writeCapacity),
    "replicas",
    "need a table on demand; leave out `readCapacity` and `writeCapacity`",
  );
  const regions = new Set<string>();
  for (const [index, { region, kmsKeyArn }] of replicas.entries()) {
    const path = `replicas[${index}]`;
    mistakes.check(!regions.has(region), `${path}.region`, `"${region}" is listed twice; write each region once`);
    regions.add(region);
    const keyed = args.kmsKeyArn === undefined || kmsKeyArn !== undefined;
    mistakes.check(keyed, `${path}.kmsKeyArn`, "is missing; a table with a customer key needs one in each region");
    const alone = args.kmsKeyArn === undefined && kmsKeyArn !== undefined;
    mistakes.check(!alone, `${path}.kmsKeyArn`, "needs a key for the table too; write `kmsKeyArn` next to `replicas`");
  }
  mistakes.check(
    replicas.length === 0 || stream === undefined || stream === StreamView.NewAndOldImages,
    "stream",
    `is "${stream}"; a table with replicas streams "${StreamView.NewAndOldImages}"`,
  );
}
