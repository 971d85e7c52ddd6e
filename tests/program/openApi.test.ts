import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import { expect } from "chai";
import { stackGraph } from "../helpers/program/graphs";

type Schema = Record<string, unknown>;

interface Response {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  requestBody?: Pick<Response, "content">;
  responses: Record<string, Response | { $ref: string }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Response>; securitySchemes?: object };
}

const settings = { "REST, open to all": ["dev", "REST"], "REST, signed": ["prod", "REST"], HTTP: ["prod", "HTTP"] };

for (const [name, [stack = "", apiKind = ""]] of Object.entries(settings)) {
  describe(`the document of the API, ${name}`, () => {
    let document: Document;
    let operations: [key: string, Operation][];
    before(async () => {
      const { resources } = await stackGraph(stack, { apiKind });
      const api = resources.find(({ outputs }) => "document" in outputs);
      document = JSON.parse(String(api?.outputs.document));
      operations = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
      );
    });

    /** A schema, or the one that it refers to. */
    const schemaOf = ({ $ref, ...schema }: Schema): Schema =>
      $ref === undefined ? schema : (document.components.schemas[String($ref).replace(/^.*\//, "")] ?? {});

    const responsesOf = ({ responses }: Operation) =>
      Object.entries(responses).map(([status, response]): [string, Response | undefined] => [
        status,
        "$ref" in response ? document.components.responses[response.$ref.replace(/^.*\//, "")] : response,
      ]);

    it("is valid to a validator that is not ours", async () => {
      const { valid, errors } = await new Validator().validate({ ...document });
      expect({ valid, errors }).to.deep.equal({ valid: true, errors: undefined });
    });

    it("says what each operation is called, does and belongs to", () => {
      const ids = operations.map(([, { operationId }]) => operationId);
      expect(new Set(ids).size).to.equal(operations.length);
      for (const [key, { operationId, summary, tags }] of operations) {
        expect(operationId, key).to.match(/^[a-z][A-Za-z]+$/);
        expect(summary, key).to.be.a("string");
        expect(tags, key).to.have.length(1);
      }
    });

    it("describes a success and the problems of each operation, each with its schema", () => {
      for (const [key, operation] of operations) {
        const responses = responsesOf(operation);
        const problems = responses.filter(([status]) => status >= "400");
        expect(responses.length, key).to.be.above(problems.length);
        expect(
          problems.map(([status]) => status),
          key,
        ).to.include.members(["400", "429", "500", "503"]);
        for (const [status, response] of responses) {
          expect(response?.description, `${key} ${status}`).to.be.a("string");
          for (const { schema } of Object.values(response?.content ?? {})) {
            expect(schemaOf(schema), `${key} ${status}`).to.have.any.keys("properties", "oneOf");
          }
        }
      }
    });

    it("has the security schemes that its operations demand, and no other", () => {
      const demanded = operations.flatMap(([, { security }]) => security.flatMap((one) => Object.keys(one)));
      expect(Object.keys(document.components.securitySchemes ?? {})).to.have.members([...new Set(demanded)]);
    });

    it("has an example for each body, which is as its schema says", () => {
      const ajv = new Ajv({ strict: false, validateFormats: false });
      ajv.addSchema({ $id: "document", components: document.components });
      for (const [key, operation] of operations) {
        const bodies = [operation.requestBody, ...responsesOf(operation).map(([, response]) => response)];
        const schemas = bodies.flatMap((body) => Object.values(body?.content ?? {}).map(({ schema }) => schema));
        for (const schema of schemas) {
          const { title, example } = schemaOf(schema);
          const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
          expect(validate(example), `${key}: ${title} ${JSON.stringify(validate.errors)}`).to.equal(true);
        }
      }
    });
  });
}
