import { expect } from "chai";
import * as fc from "fast-check";
import { Router } from "../../../../offline/cloud/apigateway/router";

const literal = fc.stringMatching(/^[a-c]{1,2}$/);
const segment = fc.oneof(literal, fc.constant("{p}"));
const routePath = fc
  .array(segment, { maxLength: 4 })
  .map((segments) => `/${segments.map((each, index) => (each === "{p}" ? `{p${index}}` : each)).join("/")}`);

function fill(path: string, value: string): string {
  return path.replace(/\{\w+\+?\}/g, value);
}

describe("Router", () => {
  it("finds a route for every path that a route can produce, and never one that does not match", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(routePath, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        literal,
        (paths, index, value) => {
          const router = new Router<string>();
          for (const path of paths) router.add(path, path);
          const wanted = fill(paths[index % paths.length] ?? "/", value);
          const found = router.find(wanted);
          expect(found).not.to.equal(undefined);
          const rebuilt = found?.resource.replace(/\{(\w+)\}/g, (_, name) => found.parameters[name] ?? "?");
          expect(rebuilt).to.equal(wanted);
        },
      ),
    );
  });

  it("prefers literals to parameters, and parameters to greedy ones, at every depth", () => {
    const router = new Router<string>();
    for (const path of ["/{all+}", "/a/{x}", "/a/b", "/{x}/b", "/a/b/{rest+}"]) router.add(path, path);
    const find = (path: string) => router.find(path)?.resource;
    expect([find("/a/b"), find("/a/c"), find("/c/b"), find("/c/d"), find("/a/b/c/d")]).to.deep.equal([
      "/a/b",
      "/a/{x}",
      "/{x}/b",
      "/{all+}",
      "/a/b/{rest+}",
    ]);
    expect(find("/")).to.equal(undefined);
  });
});
