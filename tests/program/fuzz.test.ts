import { expect } from "chai";
import * as fc from "fast-check";
import { type Started, startOffline } from "../helpers/offline/start";

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: string[];
  oneOf?: Schema[];
  $ref?: string;
};

interface OpenApi {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, Record<string, unknown>>>;
}

interface Operation {
  method: string;
  path: string;
  parameters: { name: string; in: string; schema: Schema }[];
  body?: Schema;
}

describe("the API, fuzzed from its own OpenAPI document", () => {
  let started: Started;
  let url: string;
  let operations: Operation[];

  before(async () => {
    started = await startOffline();
    url = started.apis[0]?.url ?? "";
    operations = readOperations((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  });
  after(() => started.interrupt());

  it("documents every operation on items", () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`)).to.include.members([
      "GET /items",
      "POST /items",
      "GET /items/{id}",
      "PUT /items/{id}",
      "PATCH /items/{id}",
      "DELETE /items/{id}",
    ]);
  });

  it("never answers with a 5xx, and rejects requests with a problem document", async () => {
    const anyRequest = fc.constantFrom(...operations).chain(requestFor);
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ target, init }) => {
        const response = await fetch(url + target, init);
        const text = await response.text();
        const told = `${init.method} ${target} ${init.body ?? ""}\n→ ${response.status} ${text}`;
        expect(response.status, told).to.be.below(500);
        if (response.status >= 400) {
          expect(response.headers.get("content-type"), told).to.match(/^application\/problem\+json/);
          expect(JSON.parse(text), told).to.include({ status: response.status });
        }
      }),
      { numRuns: 400 },
    );
  }).timeout(120_000);
});

/** The operations, with the schemas that they refer to in place. */
function readOperations(document: OpenApi): Operation[] {
  const { schemas } = document.components;
  const inline = (value: unknown): string =>
    JSON.stringify(value).replace(/\{"\$ref":"#\/components\/schemas\/([^"]+)"\}/g, (_, name) => inline(schemas[name]));
  const paths: OpenApi["paths"] = JSON.parse(inline(document.paths));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
      .map(([method, operation]) => {
        const content = (operation.requestBody as { content?: Record<string, { schema: Schema }> } | undefined)
          ?.content;
        return {
          method: method.toUpperCase(),
          path,
          parameters: (operation.parameters as Operation["parameters"] | undefined) ?? [],
          body: content && Object.values(content)[0]?.schema,
        };
      }),
  );
}

function requestFor({ method, path, parameters, body }: Operation) {
  const inPath = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = ""]) => name);
  const texts = (names: string[]) => fc.record(Object.fromEntries(names.map((name) => [name, pathText])));
  const optional = (place: string, arbitrary: fc.Arbitrary<string>) =>
    fc.record(Object.fromEntries(parameters.filter((one) => one.in === place).map(({ name }) => [name, arbitrary])), {
      requiredKeys: [],
    });
  const bodies = method === "GET" || method === "DELETE" ? fc.constant(undefined) : bodyText(body);
  return fc
    .tuple(texts(inPath), optional("query", fc.string()), optional("header", headerText), mediaType, bodies)
    .map(([names, query, headers, type, content]) => {
      const place = path.replace(/\{(\w+)\+?\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
      const search = new URLSearchParams(query as Record<string, string>).toString();
      const init: RequestInit = {
        method,
        headers: { ...headers, ...(content === undefined ? {} : { "content-type": type }) },
      };
      if (content !== undefined) init.body = content;
      return { target: search ? `${place}?${search}` : place, init };
    });
}

// A browser's URL parser folds "." and ".." away before they are sent.
const pathText = fc
  .oneof(fc.constantFrom("a", "lamp-1"), fc.string({ unit: "grapheme", minLength: 1 }))
  .filter((text) => !/^\.{1,2}$/.test(text));
const headerText = fc.string({ maxLength: 40 }).map((text) => text.trim());
const mediaType = fc.oneof(
  { weight: 8, arbitrary: fc.constant("application/json") },
  fc.constantFrom("application/merge-patch+json", "text/plain", "application/json; charset=latin1", "x"),
);

function bodyText(schema: Schema | undefined): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: valueFor(schema ?? {}).map((value) => JSON.stringify(value) ?? "null") },
    fc.json(),
    fc.string(),
  );
}

/** Values that match the schema, and some that do not. */
function valueFor(schema: Schema): fc.Arbitrary<unknown> {
  const wrong = { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> };
  const right = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 9, arbitrary }, wrong);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(valueFor));
  if (schema.enum) return right(fc.constantFrom(...schema.enum));
  if (schema.type === "string") return right(fc.string({ unit: "grapheme" }));
  if (schema.type === "number") return right(fc.double());
  if (schema.type === "integer") return right(fc.integer());
  if (schema.type === "array") return right(fc.array(valueFor(schema.items ?? {}), { maxLength: 5 }));
  if (schema.type === "object" && schema.properties) {
    const fields = Object.entries(schema.properties).map(([name, property]) => [name, valueFor(property)]);
    return right(fc.record(Object.fromEntries(fields), { requiredKeys: [] }));
  }
  return fc.jsonValue();
}
