import { expect } from "chai";
import * as fc from "fast-check";
import { Problem } from "../../../handlers/http/problem";
import { methodNotAllowedRoutes, type Routes, router } from "../../../handlers/http/router";
import { itemsRoutes } from "../../../handlers/items/routes";

/** Writes a path: the inverse of what the router reads. */
function pathOf(template: string, parameters: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
}

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error("No problem was thrown.");
}

const text = fc.string({ unit: "grapheme", minLength: 1 });
const literal = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
const template = fc
  .array(
    fc.oneof(
      literal,
      literal.map((name) => `{${name.replaceAll("-", "_")}}`),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((segments) => segments.map((segment, index) => segment.replace("{", `{p${index}`)))
  .map((segments) => `/${segments.join("/")}`);

describe("router", () => {
  it("reads back from a path what was written into it", () => {
    fc.assert(
      fc.property(template, fc.infiniteStream(text), (path, values) => {
        const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
        const parameters = Object.fromEntries(names.map((name) => [name, values.next().value ?? ""]));
        const match = router({ [`GET ${path}`]: { operationId: "it" } })("GET", pathOf(path, parameters));
        expect(match.parameters).to.deep.equal(parameters);
      }),
    );
  });

  it("finds each route by its own template, whatever the others are", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(template, { minLength: 1, maxLength: 8, selector: (path) => path.replaceAll(/\{\w+\}/g, "{}") }),
        (paths) => {
          const routes: Routes = Object.fromEntries(paths.map((path) => [`GET ${path}`, { operationId: path }]));
          for (const path of paths) {
            // Upper-case values match no literal of the other routes.
            const match = router(routes)("GET", path.replaceAll(/\{\w+\}/g, "VALUE"));
            expect(match.route.operationId).to.equal(path);
          }
        },
      ),
    );
  });

  it("prefers a literal to a parameter, wherever it is in the table", () => {
    const ids = ["/items/{id}", "/items/latest", "/{kind}/latest"];
    for (const order of [ids, [...ids].reverse()]) {
      const find = router(Object.fromEntries(order.map((path) => [`GET ${path}`, { operationId: path }])));
      expect(find("GET", "/items/latest").route.operationId).to.equal("/items/latest");
      expect(find("GET", "/items/1").route.operationId).to.equal("/items/{id}");
      expect(find("GET", "/jobs/latest").route.operationId).to.equal("/{kind}/latest");
    }
  });

  it("has no two templates for items that match the same path", () => {
    const shapes = new Set(Object.keys(itemsRoutes).map((key) => key.replaceAll(/\{\w+\}/g, "{}")));
    expect(shapes.size).to.equal(Object.keys(itemsRoutes).length);
  });

  it("distinguishes an unknown path from an unsupported method", () => {
    const find = router(itemsRoutes);
    expect(problemOf(() => find("GET", "/other")).status).to.equal(404);
    expect(problemOf(() => find("GET", "/items/a/b")).status).to.equal(404);
    const refused = problemOf(() => find("POST", "/items/a"));
    expect(refused.status).to.equal(405);
    expect(refused.extra.headers).to.deep.equal({ Allow: "GET, PUT, PATCH, DELETE" });
  });

  it("refuses an invalid encoding", () => {
    expect(problemOf(() => router(itemsRoutes)("GET", "/items/%E0%A4%A")).status).to.equal(400);
  });
});

describe("methodNotAllowedRoutes", () => {
  it("has one route for each path, with its own operation id", () => {
    const routes = methodNotAllowedRoutes(itemsRoutes);
    expect(Object.keys(routes)).to.deep.equal(["ANY /items", "ANY /items/{id}"]);
    const ids = Object.values(routes).map(({ operationId }) => operationId);
    expect(ids).to.deep.equal(["methodNotAllowedItems", "methodNotAllowedItemsId"]);
    expect(Object.values(routes).map(({ parameters = {} }) => Object.keys(parameters))).to.deep.equal([[], ["id"]]);
  });
});
