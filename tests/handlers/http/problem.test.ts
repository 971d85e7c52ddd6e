import { expect } from "chai";
import * as fc from "fast-check";
import { errorFields, Problem, toProblem } from "../../../handlers/http/problem";

const secret = "s3cr3t";

describe("toProblem", () => {
  it("turns whatever is thrown into a valid problem, without revealing it", () => {
    const error = fc
      .record({ name: fc.string(), code: fc.string(), message: fc.string().map((text) => text + secret) })
      .map((fields) => Object.assign(new Error(), fields));
    const thrown = fc.oneof(error, fc.anything({ withNullPrototype: true, withBigInt: true }), fc.constant(secret));
    fc.assert(
      fc.property(thrown, (value) => {
        const problem = toProblem(value);
        const document = JSON.parse(JSON.stringify(problem.document("/items", "id")));
        expect(document).to.include.keys("type", "title", "status", "detail", "instance", "requestId");
        expect(document.status).to.be.within(400, 599);
        expect(document.type).to.match(/^urn:problem:[a-z-]+$/);
        expect(JSON.stringify(document)).not.to.contain(secret);
      }),
    );
  });

  const cases: [fields: object, status: number][] = [
    [{ name: "ThrottlingException" }, 503],
    [{ name: "ProvisionedThroughputExceededException" }, 503],
    [{ name: "RequestLimitExceeded" }, 503],
    [{ name: "InternalServerError" }, 503],
    [{ name: "TimeoutError" }, 503],
    [{ name: "Error", code: "ECONNRESET" }, 503],
    [{ name: "AggregateError", code: "ECONNREFUSED" }, 503],
    [{ name: "ValidationException", message: "Item size has exceeded the maximum allowed size" }, 413],
    [{ name: "ValidationException", message: "Invalid UpdateExpression" }, 500],
    [{ name: "ResourceNotFoundException" }, 500],
    [{ name: "AccessDeniedException" }, 500],
    [{ name: "ConditionalCheckFailedException" }, 500],
  ];
  for (const [fields, status] of cases) {
    it(`answers ${JSON.stringify(fields)} with ${status}`, () => {
      const problem = toProblem(Object.assign(new Error(), fields));
      expect(problem.status).to.equal(status);
      expect(problem.extra.headers?.["Retry-After"]).to.equal(status === 503 ? "1" : undefined);
    });
  }

  it("leaves a problem unchanged", () => {
    const problem = new Problem("not-found", "Gone.");
    expect(toProblem(problem)).to.equal(problem);
  });
});

describe("errorFields", () => {
  it("describes whatever is thrown in text", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (thrown) => {
        for (const field of Object.values(errorFields(thrown))) expect(field).to.be.a("string");
        expect(errorFields(thrown).message).not.to.equal("");
      }),
    );
  });
});
