import { expect } from "chai";
import { policyDocument } from "../../../../../offline/engine/provider/aws/policyDocument";

describe("policyDocument", () => {
  it("is empty without statements", () => {
    expect(policyDocument({})).to.deep.equal({ Version: "2012-10-17", Statement: [] });
  });

  it("writes every element, one value plain and several as a list", () => {
    const document = policyDocument({
      policyId: "id",
      version: "2008-10-17",
      statements: [
        {
          sid: "One",
          effect: "Deny",
          actions: ["s3:Get*", "s3:List*"],
          resources: ["arn:aws:s3:::home/&{aws:username}"],
          principals: [
            { type: "AWS", identifiers: ["1", "2"] },
            { type: "Service", identifiers: ["lambda.amazonaws.com"] },
            { type: "AWS", identifiers: ["3"] },
          ],
          conditions: [
            { test: "StringEquals", variable: "a", values: ["1"] },
            { test: "StringEquals", variable: "b", values: ["1", "2"] },
          ],
        },
        { notActions: ["iam:*"], notResources: ["x"], notPrincipals: [{ type: "*", identifiers: ["*"] }] },
      ],
    });
    expect(document).to.deep.equal({
      Version: "2008-10-17",
      Id: "id",
      Statement: [
        {
          Sid: "One",
          Effect: "Deny",
          Principal: { AWS: ["1", "2", "3"], Service: "lambda.amazonaws.com" },
          Action: ["s3:Get*", "s3:List*"],
          Resource: "arn:aws:s3:::home/${aws:username}",
          Condition: { StringEquals: { a: "1", b: ["1", "2"] } },
        },
        { Effect: "Allow", NotPrincipal: "*", NotAction: "iam:*", NotResource: "x" },
      ],
    });
  });

  it("merges sources, own statements and overrides, the later one of a Sid replacing the earlier", () => {
    const statement = (Sid: string, Action: string) => ({ Sid, Effect: "Allow", Action, Resource: "*" });
    const json = (...statements: unknown[]) => JSON.stringify({ Statement: statements });
    const { Statement } = policyDocument({
      sourcePolicyDocuments: [json(statement("A", "source"), statement("B", "source"))],
      statements: [{ sid: "B", actions: ["own"], resources: ["*"] }],
      overridePolicyDocuments: [JSON.stringify({ Statement: statement("A", "override") })],
    });
    expect(Statement).to.deep.equal([statement("A", "override"), statement("B", "own")]);
  });
});
