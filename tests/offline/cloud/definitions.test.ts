import * as fs from "node:fs";
import { expect } from "chai";
import { modelFolder, modelOf } from "../../../offline/cloud/core/model";
import { regexOf } from "../../../offline/cloud/core/validate";
import { definitions } from "../../../offline/cloud/definitions";
import { readme, withOperations } from "../../../offline/documentation";
import { begin } from "../../helpers/offline/cli";

describe("the declared services", () => {
  for (const { models, operations, signingName, options } of definitions) {
    describe(signingName, () => {
      it("declares only operations that its model has, with their shapes (npm run models)", () => {
        const known = models.flatMap((name) => Object.entries(modelOf(name).operations));
        for (const name of Object.keys(operations)) {
          const [, operation] = known.find(([one]) => one === name) ?? [];
          expect(operation, name).to.be.an("object");
          if (!options.raw) expect(operation?.input ?? operation?.output, name).to.have.property("shape");
        }
      });

      it("answers to the name that its requests are signed with", () => {
        for (const name of models) {
          const { metadata } = modelOf(name);
          expect(metadata.signingName ?? metadata.endpointPrefix).to.equal(signingName);
        }
      });

      it("has no pattern that JavaScript cannot check", () => {
        const shapes = models.flatMap((name) => Object.entries(modelOf(name).shapes));
        const unchecked = shapes.filter(([, { pattern }]) => pattern !== undefined && !regexOf(pattern));
        expect(unchecked.map(([name]) => name)).to.deep.equal([]);
      });
    });
  }

  it("have a model each, and there are no others", () => {
    const files = fs.readdirSync(modelFolder).map((file) => file.replace(/(\.extras)?\.json$/, ""));
    expect([...new Set(files)].sort()).to.deep.equal(definitions.flatMap(({ models }) => models).sort());
  });

  it("are in the documentation (npm run docs)", () => {
    const text = fs.readFileSync(readme, "utf8");
    expect(withOperations(text)).to.equal(text);
  });

  it("are listed by the command, with what is not emulated", async () => {
    const { code, out } = await begin("services", "sts", "--json").ended;
    expect(code).to.equal(0);
    const [sts, ...others] = JSON.parse(out);
    expect(others).to.deep.equal([]);
    expect(sts).to.deep.include({ service: "sts", protocol: "query", emulated: ["AssumeRole", "GetCallerIdentity"] });
    expect(sts.notEmulated).to.include("GetSessionToken").and.not.include("GetCallerIdentity");
    expect((await begin("services").ended).out).to.match(/^ssm: \d+ of \d+ operations\n {2}emulated: .*GetParameter,/m);
    expect((await begin("services", "emr").ended).out).to.match(/^elasticmapreduce: \d+ of \d+ operations\n/);
    const { code: failed, error } = await begin("services", "nothing").ended;
    expect(failed).to.equal(1);
    expect(error).to.match(/^error: The service "nothing" is not emulated\. Use one of .*, sts\n$/);
  });
});
