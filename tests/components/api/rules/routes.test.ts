import { expect } from "chai";
import * as fc from "fast-check";
import { conflictingPaths, methods, parseRoute } from "../../../../components/api/rules/routes";

const name = fc.stringMatching(/^[\w.-]{1,12}$/);
const literal = fc.stringMatching(/^[\w.,-][\w.,:-]{0,11}$/);
const segment = fc.oneof(
  literal.map((text) => ({ text, name: undefined })),
  name.map((parameter) => ({ text: `{${parameter}}`, name: parameter })),
);

describe("parseRoute", () => {
  it("parses every key composed of valid parts", () => {
    const segments = fc.array(segment, { maxLength: 6 }).filter((parts) => {
      const names = parts.flatMap((part) => part.name ?? []);
      return new Set(names).size === names.length && !/^s?ping$/.test(parts.map(({ text }) => text).join("/"));
    });
    fc.assert(
      fc.property(fc.constantFrom(...methods), segments, fc.boolean(), (method, parts, greedy) => {
        const texts = [...parts.map(({ text }) => text), ...(greedy ? ["{rest+}"] : [])];
        fc.pre(!greedy || !parts.some((part) => part.name === "rest"));
        const path = `/${texts.join("/")}`;
        const parameters = [...parts.flatMap((part) => part.name ?? []), ...(greedy ? ["rest"] : [])];
        expect(parseRoute(`${method} ${path}`)).to.deep.equal({ method, path, parameters });
      }),
    );
  });

  it("returns a route or a reason for any text, and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `GET /${text}`),
        ),
        (text) => {
          const parsed = parseRoute(text);
          if (typeof parsed === "string") expect(parsed).to.match(/; /);
          else expect(`${parsed.method} ${parsed.path}`).to.equal(text);
        },
      ),
    );
  });

  const refused: [key: string, reason: RegExp][] = [
    ["/items", /a method, a space and a path/],
    ["GET items", /a method, a space and a path/],
    ["GET  /items", /a method, a space and a path/],
    ["get /items", /write one of GET/],
    ["TRACE /items", /has the method "TRACE"/],
    ["GET /ping", /health check/],
    ["$connect", /write it in a WebSocketApi/],
    ["GET /items/", /empty part/],
    ["GET //items", /empty part/],
    ["GET /items/{id}x", /a parameter is a whole part/],
    ["GET /items/{}", /a parameter is a whole part/],
    ["GET /a b", /a method, a space and a path/],
    ["GET /caf%C3%A9", /characters that API Gateway refuses/],
    ["GET /{proxy+}/more", /must be the last part/],
    ["GET /items/:id", /write a parameter as "\{id\}"/],
    ["GET /{id}/{id}", /"id" twice|parameter "id" twice/],
  ];
  for (const [key, reason] of refused) {
    it(`refuses "${key}"`, () => expect(parseRoute(key)).to.match(reason));
  }
});

describe("conflictingPaths", () => {
  it("finds every parameter with another name in its place", () => {
    expect(conflictingPaths(["/a/{id}", "/b/{x}", "/a/{name}", "/b/{y}"])).to.deep.equal([
      ["/a/{id}", "/a/{name}"],
      ["/b/{x}", "/b/{y}"],
    ]);
    expect(conflictingPaths(["/a/{id}", "/a/{name}/b"])).to.deep.equal([["/a/{id}", "/a/{name}/b"]]);
    expect(conflictingPaths(["/a/{id}", "/a/{proxy+}"])).to.deep.equal([["/a/{id}", "/a/{proxy+}"]]);
  });

  it("allows the same name in one place, and any name in another", () => {
    expect(conflictingPaths(["/a/{id}", "/a/{id}/b", "/a/new", "/b/{name}", "/a/{id}/{name}"])).to.deep.equal([]);
  });
});
