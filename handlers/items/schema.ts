import type { JsonObject } from "../http/json";
import { textSchema } from "../http/openapi";
import type { JsonSchema } from "../http/schema";

/** The properties of an item that callers set. */
export interface ItemContent {
  name: string;
  description?: string;
  category?: string;
  price?: number;
  quantity?: number;
  tags?: string[];
  attributes?: JsonObject;
}

export interface Item extends ItemContent {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/**
 * An item as it is sent: it may have the properties that the server sets, so that it can be sent back as it was read.
 */
export type ItemInput = ItemContent & Partial<Item>;

export const idSchema: JsonSchema = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$" };

const setByServer: JsonSchema = {
  type: "string",
  format: "date-time",
  readOnly: true,
  description: "Set by the server; ignored in a request",
};

const properties: Record<keyof Item, JsonSchema> = {
  id: { ...idSchema, description: "Chosen by the caller, or a UUID; never changes" },
  name: { ...textSchema, minLength: 1, maxLength: 256 },
  description: { ...textSchema, maxLength: 4096 },
  category: { ...textSchema, maxLength: 128 },
  price: { type: "number", minimum: 0, maximum: 1e9 },
  quantity: { type: "integer", minimum: 0, maximum: 1e9 },
  tags: { type: "array", maxItems: 50, uniqueItems: true, items: { ...textSchema, minLength: 1, maxLength: 64 } },
  attributes: {
    type: "object",
    description:
      "Anything else: any JSON object, at most 20 levels deep in total, with numbers up to ±(2^53 - 1), names of 1 to 255 " +
      "characters, and no control characters but tabs and line breaks",
  },
  createdAt: setByServer,
  updatedAt: setByServer,
};

/** The single definition of an item: it checks bodies and patched items, and is part of the API's document. */
export const itemInputSchema: JsonSchema = {
  title: "ItemInput",
  type: "object",
  properties,
  required: ["name"],
  additionalProperties: false,
  example: { name: "Desk lamp", price: 39.9, tags: ["home"] },
};

/** A merge patch of an item. What an item can do without may be null, which removes it. */
export const itemPatchSchema: JsonSchema = {
  title: "ItemPatch",
  type: "object",
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      name === "id" || name === "name" ? schema : { ...schema, nullable: true },
    ]),
  ),
  additionalProperties: false,
  example: { price: 29.9, category: null },
};

export const itemSchema: JsonSchema = {
  title: "Item",
  type: "object",
  properties,
  required: ["id", "name", "createdAt", "updatedAt"],
  example: {
    id: "lamp",
    name: "Desk lamp",
    price: 39.9,
    tags: ["home"],
    createdAt: "2026-01-31T12:00:00.000Z",
    updatedAt: "2026-01-31T12:00:00.000Z",
  },
};

/** The properties that a write replaces; the others are the item's identity and history. */
export const contentProperties = [
  "name",
  "description",
  "category",
  "price",
  "quantity",
  "tags",
  "attributes",
] as const;

/** The item in a record that may contain more, with its properties always in the same order. */
export function itemFrom(record: Record<string, unknown>): Item {
  const present = Object.keys(properties).filter((name) => record[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, record[name]])) as unknown as Item;
}
