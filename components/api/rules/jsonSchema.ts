import type { JsonSchema } from "./operation";

/**
 * Keywords that API Gateway's models (JSON Schema draft 4) or OpenAPI 3.0 do not support, and what to write instead.
 * @see "Data models for REST APIs" and "Amazon API Gateway important notes for REST APIs"
 */
const refused: Record<string, string> = {
  $ref: "write the schema itself instead",
  $schema: "leave it out",
  $defs: "write the schemas where they are used",
  definitions: "write the schemas where they are used",
  const: "write `enum` with one value",
  examples: "write `example`",
  prefixItems: "write `items`",
  contains: "leave it to the function",
  propertyNames: "leave it to the function",
  if: "write `anyOf`",
  dependentRequired: "leave it to the function",
  unevaluatedProperties: "write `additionalProperties`",
};

/** Keywords that only models do not support: they matter where API Gateway itself checks a body. */
const refusedByModels: Record<string, string> = {
  nullable: 'write `anyOf` with `{ enum: [null] }`, or leave the check to the function (`validation: "parameters"`)',
  exclusiveMinimum: "write `minimum`",
  exclusiveMaximum: "write `maximum`",
  discriminator: "write `oneOf` alone",
};

/**
 * Keywords that only document a schema, which models refuse as "Unsupported keyword(s)".
 * @see https://github.com/awslabs/aws-api-gateway-developer-portal/issues/571
 */
const annotations = new Set(["example", "readOnly", "writeOnly", "deprecated", "externalDocs", "xml"]);

/** Keywords whose value maps names that are not keywords to schemas. */
const schemaMaps = new Set(["properties", "patternProperties"]);
/** Keywords whose value is data. */
const data = new Set(["enum", "default", "example"]);

/** Every keyword that would be refused or ignored, as [path, what is wrong and what to write instead]. */
export function schemaMistakes(schema: unknown, path: string, model: boolean): [path: string, reason: string][] {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => schemaMistakes(part, `${path}[${index}]`, model));
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]): [string, string][] => {
    const place = `${path}.${keyword}`;
    const instead = refused[keyword] ?? (model ? refusedByModels[keyword] : undefined);
    if (instead) return [[place, `is not supported by ${model ? "API Gateway" : "OpenAPI 3.0"}; ${instead}`]];
    if (keyword === "type" && Array.isArray(value)) {
      return [[place, "is a list; write one type, or `anyOf` with a schema for each"]];
    }
    if (keyword.startsWith("exclusive") && typeof value === "number") {
      return [[place, `is a number; OpenAPI 3.0 expects a boolean next to \`${keyword.slice(9).toLowerCase()}\``]];
    }
    if (data.has(keyword)) return [];
    if (!schemaMaps.has(keyword)) return schemaMistakes(value, place, model);
    return Object.entries(value ?? {}).flatMap(([name, part]) => schemaMistakes(part, `${place}.${name}`, model));
  });
}

/** The part of a schema that a model supports: everything that a body is checked against. */
export function modelOf(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema)) return schema.map(modelOf);
  if (typeof schema !== "object" || schema === null) return schema;
  const keywords = Object.entries(schema).filter(([keyword]) => !annotations.has(keyword) && !keyword.startsWith("x-"));
  return Object.fromEntries(
    keywords.map(([keyword, value]) => {
      if (data.has(keyword)) return [keyword, value];
      if (!schemaMaps.has(keyword)) return [keyword, modelOf(value)];
      return [keyword, Object.fromEntries(Object.entries(value ?? {}).map(([name, part]) => [name, modelOf(part)]))];
    }),
  );
}
