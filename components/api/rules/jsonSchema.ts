import type { JsonSchema } from "./operation";
import { keywordMistake } from "./schemaKeywords";

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
  exclusiveMinimum: "write `minimum`",
  exclusiveMaximum: "write `maximum`",
  discriminator: "write `oneOf` alone",
};

/**
 * Keywords that only document a schema, which models refuse as "Unsupported keyword(s)".
 * @see https://github.com/awslabs/aws-api-gateway-developer-portal/issues/571
 */
const annotations = new Set(["title", "example", "readOnly", "writeOnly", "deprecated", "externalDocs", "xml"]);

/** Keywords whose value maps names that are not keywords to schemas. */
const schemaMaps = new Set(["properties", "patternProperties"]);
/** Keywords whose value is a schema, or a list of them. */
const schemas = new Set(["items", "not", "allOf", "anyOf", "oneOf", "additionalProperties"]);
/** Keywords whose value is data. */
const data = new Set(["enum", "default", "example"]);

/** Everything in a schema that would be refused or ignored, as [path, what is wrong and what to write instead]. */
export function schemaMistakes(schema: unknown, path: string, model: boolean): [path: string, reason: string][] {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => schemaMistakes(part, `${path}[${index}]`, model));
  if (typeof schema === "boolean" && path.endsWith(".additionalProperties")) return [];
  if (typeof schema !== "object" || schema === null)
    return [[path, 'is not a schema; write one such as { type: "string" }']];
  return Object.entries(schema).flatMap(([keyword, value]): [string, string][] => {
    const place = `${path}.${keyword}`;
    const instead = refused[keyword] ?? (model ? refusedByModels[keyword] : undefined);
    if (instead) return [[place, `is not supported by ${model ? "API Gateway" : "OpenAPI 3.0"}; ${instead}`]];
    const mistake = keywordMistake(keyword, value);
    if (mistake) return [[place, mistake]];
    if (schemas.has(keyword)) return schemaMistakes(value, place, model);
    if (!schemaMaps.has(keyword)) return [];
    return Object.entries(value ?? {}).flatMap(([name, part]) => schemaMistakes(part, `${place}.${name}`, model));
  });
}

/** The part of a schema that a model supports: everything that a body is checked against. */
export function modelOf(schema: JsonSchema): JsonSchema {
  return mapParts(schema, ({ nullable, ...part }) => {
    const kept = Object.fromEntries(Object.entries(part).filter(([keyword]) => !isAnnotation(keyword)));
    return nullable === true ? { anyOf: [kept, { enum: [null] }] } : kept;
  });
}

function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || keyword.startsWith("x-");
}

/** Schemas with a title that is a name, so that a document has each of them once, and refers to it. */
export class NamedSchemas {
  readonly schemas: Record<string, JsonSchema> = {};
  /** Titles of schemas that differ. */
  readonly ambiguous = new Set<string>();

  /** The schema with references in place of its parts that have a name, and of itself if it has one. */
  refer(schema: JsonSchema): JsonSchema {
    return mapParts(schema, (part) => {
      const { title } = part;
      if (typeof title !== "string" || !/^[\w.-]+$/.test(title)) return part;
      const known = this.schemas[title];
      if (known && JSON.stringify(known) !== JSON.stringify(part)) this.ambiguous.add(title);
      this.schemas[title] = part;
      return { $ref: `#/components/schemas/${title}` };
    });
  }
}

/** A copy of a schema in which every part has been changed, the innermost first. */
function mapParts(schema: JsonSchema, change: (part: Record<string, JsonSchema>) => JsonSchema): JsonSchema {
  const map = (part: JsonSchema): JsonSchema => {
    if (Array.isArray(part)) return part.map(map);
    if (typeof part !== "object" || part === null) return part;
    const keywords = Object.entries(part).map(([keyword, value]) => {
      if (data.has(keyword) || keyword.startsWith("x-")) return [keyword, value];
      if (!schemaMaps.has(keyword)) return [keyword, map(value)];
      return [keyword, Object.fromEntries(Object.entries(value ?? {}).map(([name, inner]) => [name, map(inner)]))];
    });
    return change(Object.fromEntries(keywords));
  };
  return map(schema);
}
