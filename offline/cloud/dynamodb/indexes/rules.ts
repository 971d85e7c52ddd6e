import type { Index, Table } from "dynalite/db";

/** The most attributes of either kind in an index's key. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html */
const MOST_OF_A_KIND = 4;
export const MOST_KEY_ATTRIBUTES = 2 * MOST_OF_A_KIND;

const INVALID = "One or more parameter values were invalid:";

/** Whether an index has several partition key attributes, or several sort key attributes. */
export function hasSeveralKeys({ KeySchema }: Index): boolean {
  return new Set(KeySchema.map(({ KeyType }) => KeyType)).size < KeySchema.length;
}

/** Why an index cannot be as it is given. */
export function indexRefusal({ KeySchema, Projection }: Index, definitions: readonly string[]): string | undefined {
  return keyRefusal(KeySchema, definitions) ?? projectionRefusal(Projection);
}

function keyRefusal(keySchema: Table["KeySchema"], definitions: readonly string[]): string | undefined {
  const keys = keySchema.map(({ AttributeName }) => AttributeName);
  const types = keySchema.map(({ KeyType }) => KeyType);
  if (!keys.every((key) => definitions.includes(key))) {
    return `${INVALID} Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(", ")}], AttributeDefinitions: [${definitions.join(", ")}]`;
  }
  if (types[0] !== "HASH") return "Invalid KeySchema: The first KeySchemaElement is not a HASH key type";
  if (types.lastIndexOf("HASH") > types.indexOf("RANGE") && types.includes("RANGE")) {
    return `${INVALID} All HASH key attributes must precede RANGE key attributes in the KeySchema`;
  }
  const excess = ["HASH", "RANGE"].find((kind) => types.filter((type) => type === kind).length > MOST_OF_A_KIND);
  if (excess) return `${INVALID} The KeySchema exceeds the maximum allowed number of ${excess} key attributes`;
  if (new Set(keys).size === keys.length) return undefined;
  return keys.length === 2
    ? "Both the Hash Key and the Range Key element in the KeySchema have the same name"
    : "The KeySchema contains multiple key attributes with the same name";
}

/** Why an index cannot have these of an item's attributes. */
export function projectionRefusal({ ProjectionType, NonKeyAttributes }: Index["Projection"]): string | undefined {
  if (ProjectionType === undefined) return `${INVALID} Unknown ProjectionType: null`;
  const isIncluded = ProjectionType === "INCLUDE";
  if (isIncluded === !!NonKeyAttributes) return undefined;
  return `${INVALID} ProjectionType is ${ProjectionType}, but NonKeyAttributes is ${isIncluded ? "not " : ""}specified`;
}
