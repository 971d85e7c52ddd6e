import { expect } from "chai";
import { qualityRules } from "../../../policies/quality/rules";
import { exemption } from "../../helpers/policies/policies";
import { examples } from "./examples";
import { check } from "./said";

describe("the quality rules", () => {
  it("have unique names, a page of AWS's documentation, and a default for each setting", () => {
    expect(new Set(qualityRules.map(({ name }) => name)).size).to.equal(qualityRules.length);
    for (const { name, url, settings = {} } of qualityRules) {
      expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(url).to.match(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
      for (const setting of Object.values(settings)) expect(setting, name).to.have.property("default");
    }
  });

  it("do not check resources that they do not apply to", async () => {
    expect(await check([{ type: "aws:s3/bucketObject:BucketObject", props: { policy: "{" } }])).to.deep.equal([]);
  });

  it("have an example each, the good one without findings", async () => {
    expect(examples.map(({ rule }) => rule)).to.have.members(qualityRules.map(({ name }) => name));
    for (const { rule, good, settings = {} } of examples) {
      const found = await check(good, { [rule]: settings });
      expect(found.filter(({ policy }) => policy === rule)).to.deep.equal([]);
    }
  });

  for (const { rule, bad, settings = {} } of examples) {
    it(`${rule} is violated at its level, but not by an exempt resource`, async () => {
      const level = qualityRules.find(({ name }) => name === rule)?.enforcementLevel ?? "mandatory";
      const found = (await check(bad, { [rule]: settings })).filter(({ policy }) => policy === rule);
      expect(found).to.not.be.empty;
      for (const violation of found) expect(violation.level).to.equal(level);

      const exempt = await check(bad, { [rule]: { ...settings, exemptions: [exemption()] } });
      const left = exempt.filter(({ policy }) => policy === rule);
      expect(left).to.have.lengthOf(found.length);
      for (const violation of left) {
        expect(violation.level).to.equal("advisory");
        expect(violation.message).to.match(/^Exempt until 2999-12-31 \(its vendor is gone\): /);
      }
    });
  }
});
