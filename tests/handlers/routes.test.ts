import { expect } from "chai";
import type { Routes } from "../../handlers/http/router";
import { instancesRoutes } from "../../handlers/instances/routes";
import { itemsRoutes } from "../../handlers/items/routes";
import { jobsRoutes } from "../../handlers/jobs/routes";
import { runsRoutes } from "../../handlers/runs/routes";
import { stepsRoutes } from "../../handlers/steps/routes";

/** Every object in a value that is a schema by its place, with its path. */
function schemasIn(value: unknown, path: string, inSchema = false): [string, Record<string, unknown>][] {
  if (typeof value !== "object" || value === null) return [];
  const object = value as Record<string, unknown>;
  const inside = Object.entries(object).flatMap(([key, member]) => {
    if (key === "properties" && inSchema) {
      return Object.entries(member as object).flatMap(([name, schema]) => schemasIn(schema, `${path}.${name}`, true));
    }
    if (key === "oneOf") {
      return Object.entries(member as object).flatMap(([index, schema]) => schemasIn(schema, `${path}.${index}`, true));
    }
    if (key === "example") return [];
    return schemasIn(member, `${path}.${key}`, ["schema", "items", "additionalProperties"].includes(key));
  });
  return inSchema ? [[path, object], ...inside] : inside;
}

/** What OpenAPI 3.0 and the component's models for API Gateway (JSON Schema draft 4) have in common. */
const keywords = [
  "title",
  "nullable",
  "oneOf",
  "type",
  "description",
  "format",
  "default",
  "example",
  "readOnly",
  "minLength",
  "maxLength",
  "pattern",
  "enum",
];
keywords.push(
  "minimum",
  "maximum",
  "items",
  "maxItems",
  "uniqueItems",
  "properties",
  "required",
  "additionalProperties",
);

const apis: Record<string, Routes> = {
  instancesRoutes,
  itemsRoutes,
  jobsRoutes: jobsRoutes({ environmentNames: ["CATEGORY"], shareIdentifier: "blue" }),
  runsRoutes,
  stepsRoutes,
};

for (const [name, routes] of Object.entries(apis)) {
  describe(name, () => {
    for (const [key, route] of Object.entries(routes)) {
      it(`${key} declares the parameters of its path, and has schemas that API Gateway accepts`, () => {
        const declared = Object.entries(route.parameters ?? {}).filter(([, parameter]) => parameter.in === "path");
        expect(declared.map(([name]) => `{${name}}`)).to.deep.equal(key.match(/\{\w+\}/g) ?? []);
        for (const [, { required }] of declared) expect(required).to.equal(true);
        for (const [path, schema] of schemasIn(route, key)) {
          expect(keywords, path).to.include.members(Object.keys(schema));
          if (!schema.oneOf) expect(schema.type, path).to.be.a("string");
          if (typeof schema.pattern === "string") expect(() => new RegExp(String(schema.pattern), "u")).not.to.throw();
        }
      });
    }

    it("is plain data, from which a deployed document can be made", () => {
      expect(JSON.parse(JSON.stringify(routes))).to.deep.equal(routes);
    });

    it("has an operation id for each operation", () => {
      const ids = Object.values(routes).map(({ operationId }) => operationId);
      expect(new Set(ids).size).to.equal(ids.length);
    });
  });
}
