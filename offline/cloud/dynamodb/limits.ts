import type { Item, Refusal, Table } from "dynalite/db";
import * as dynalite from "dynalite/db";

/** An attribute's value, as in `{ S: "text" }`. */
type Value = Item[string];

/** The deepest lists and maps that an attribute may have. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_LEVELS = 31;
export const TOO_DEEP =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const NUMBER = { digits: 38, highest: 125, lowest: -130 };

const KEY_LIMITS = [
  { bytes: 2048, message: "Size of hashkey has exceeded the maximum size limit of2048 bytes" },
  { bytes: 1024, message: "Aggregated size of all range keys has exceeded the size limit of 1024 bytes" },
];

const { itemSize: sizeWithoutEncoding, validationError } = dynalite;

/**
 * The size of an item in bytes, of which dynalite counts a text's characters.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(...[item, ...form]: Parameters<typeof dynalite.itemSize>): number {
  if (form[0]) return sizeWithoutEncoding(item, ...form);
  return sum(Object.entries(item), ([name, value]) => Buffer.byteLength(name) + valueSize(value));
}

function valueSize(value: Value): number {
  const { S, SS, L, M } = value as { S?: string; SS?: string[]; L?: Value[]; M?: Item };
  if (S !== undefined) return Buffer.byteLength(S);
  if (SS) return sum(SS, (text) => Buffer.byteLength(text));
  if (L) return 3 + sum(L, (member) => 1 + valueSize(member));
  if (M) return 3 + Object.keys(M).length + itemSize(M);
  return sizeWithoutEncoding({ "": value });
}

function sum<Member>(members: readonly Member[], size: (member: Member) => number): number {
  return members.reduce((total, member) => total + size(member), 0);
}

/** Why a table's key cannot be so long; dynalite counts a text's characters. */
export function keySizeRefusal(item: Item, { KeySchema }: Table): Refusal | undefined {
  const [exceeded] = KeySchema.flatMap(({ AttributeName }, place) => {
    const { S } = (item[AttributeName] ?? {}) as { S?: string };
    const limit = KEY_LIMITS[place];
    return S !== undefined && limit && Buffer.byteLength(S) > limit.bytes ? [limit] : [];
  });
  return exceeded && validationError(`One or more parameter values were invalid: ${exceeded.message}`);
}

/** Why a value cannot be an attribute's, if one in it is missing, or its lists and maps are too deep. */
export function valueRefusal(value: object): string | undefined {
  return refuse(value as Value, 0);
}

function refuse(value: Value | null, level: number): string | undefined {
  const { SS, NS, BS, L, M } = (value ?? {}) as { SS?: string[]; NS?: string[]; BS?: string[]; L?: Value[]; M?: Item };
  if (!value || [SS, NS, BS].some((set) => (set as unknown[] | undefined)?.includes(null))) {
    return "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  }
  if ((L || M) && level === MOST_LEVELS) {
    return TOO_DEEP;
  }
  for (const member of L ?? Object.values(M ?? {})) {
    const refusal = refuse(member, level + 1);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Why an item cannot be stored, if an update has computed a number that DynamoDB cannot hold. */
export function numberRefusal(item: Item): Refusal | undefined {
  for (const value of Object.values(item)) {
    const { N, L, M } = value as { N?: string; L?: Value[]; M?: Item };
    const message = N !== undefined && excessOf(N);
    const refusal = message ? validationError(message) : undefined;
    const inner = refusal ?? (L || M ? numberRefusal(M ?? Object.fromEntries(Object.entries(L ?? []))) : undefined);
    if (inner) return inner;
  }
  return undefined;
}

/** @param number in decimal notation, without an exponent */
function excessOf(number: string): string | undefined {
  if (number.length <= NUMBER.digits) return undefined;
  const [whole = "", fraction = ""] = number.replace("-", "").split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const magnitude = digits.length - fraction.length - 1;
  if (magnitude > NUMBER.highest)
    return "Number overflow. Attempting to store a number with magnitude larger than supported range";
  if (magnitude < NUMBER.lowest)
    return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  return digits.replace(/0+$/, "").length > NUMBER.digits
    ? "Attempting to store more than 38 significant digits in a Number"
    : undefined;
}
