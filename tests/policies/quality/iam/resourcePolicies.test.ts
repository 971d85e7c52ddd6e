import { expect } from "chai";
import { resourceDocuments, shares } from "../../../../policies/quality/iam/resourcePolicies";
import { unknown } from "../../../helpers/policies/policies";
import { declaredProperties } from "../../architecture/drift/declarations";
import { onlySaid, said, unsaid } from "../said";
import { otherDocuments } from "./otherDocuments";

const rule = "resource-policy-source";
const account = "123456789012";
const topic = `arn:aws:sns:eu-west-1:${account}:orders`;

/** Statements as a queue's policy. */
function queuePolicy(...statements: object[]) {
  const Statement = statements.map((statement) => ({ Effect: "Allow", Action: "sqs:SendMessage", ...statement }));
  return { type: "aws:sqs/queuePolicy:QueuePolicy", props: { policy: JSON.stringify({ Statement }) } };
}

/** The value as the property at a path, with a document's `{}` as an object. */
function at(path: string, value: unknown): object {
  return path
    .split(/\{\}\.|\./)
    .reduceRight<unknown>(
      (inner, name) => ({ [name.replace("[]", "")]: name.endsWith("[]") ? [inner] : inner }),
      value,
    ) as object;
}

describe("resource-policy-source", () => {
  it("reports anybody in every kind of policy, as text and as an object", async () => {
    const document = { Statement: [{ Effect: "Allow", Action: "*", Principal: "*" }] };
    for (const [type, paths] of Object.entries(resourceDocuments)) {
      for (const path of paths) {
        for (const value of [document, JSON.stringify(document)]) {
          const expected = `${path.replace("{}", "")}.Statement[0].Principal is "*", which means anybody: `;
          expect(await onlySaid(rule, { type, props: at(path, value) }), `${type} ${path}`).to.contain(expected);
        }
      }
    }
  });

  it("knows every policy document of the installed provider", () => {
    const declared = declaredProperties("@pulumi/aws").map(({ type, path }) => `${type} ${path}`);
    const named = Object.entries(resourceDocuments).flatMap(([type, paths]) => paths.map((path) => `${type} ${path}`));
    const shared = Object.entries(shares).map(([type, path]) => `${type} ${path}`);
    const isDocument = /[ .](accessPolic(y|ies)|policy(Document)?|(resource|repository|deliveryDestination)Policy)$/;
    const undecided = declared.filter((name) => isDocument.test(name) && ![...named, ...otherDocuments].includes(name));
    expect(undecided, "Give these a row in resourceDocuments, or in otherDocuments with a reason").to.deep.equal([]);
    const all = [...named, ...shared, ...otherDocuments].map((name) =>
      name.replace(/\{\}.*/, "").replace(/accountIds$/, "*"),
    );
    expect(all.filter((name) => !declared.includes(name))).to.deep.equal([]);
  });

  it("reports a service without a source, in every partition, and NotPrincipal", async () => {
    for (const Service of ["sns.amazonaws.com", "sns.amazonaws.com.cn", "sns.amazonaws.eu", "s3.amazonaws.com"]) {
      expect(await onlySaid(rule, queuePolicy({ Principal: { Service } }))).to.equal(
        `policy.Statement[0].Principal.Service is ${Service}, which acts on behalf of anybody: ` +
          "add a Condition such as ArnLike aws:SourceArn or StringEquals aws:SourceAccount.",
      );
    }
    expect(await said(rule, queuePolicy({ Principal: { Service: ["a.amazonaws.com", "b.amazonaws.com"] } })))
      .to.have //
      .lengthOf(2);
    expect(await onlySaid(rule, queuePolicy({ NotPrincipal: { AWS: account } }))).to.match(/ has NotPrincipal, /);
  });

  it("accepts named accounts, roles and users, and denials", async () => {
    for (const AWS of [account, `arn:aws:iam::${account}:root`, [`arn:aws-cn:iam::${account}:role/sender`]]) {
      expect(await said(rule, queuePolicy({ Principal: { AWS } }))).to.deep.equal([]);
    }
    expect(await said(rule, queuePolicy({ Principal: { CanonicalUser: "79a5" } }))).to.deep.equal([]);
    expect(await said(rule, queuePolicy({ Effect: "Deny", Principal: "*" }))).to.deep.equal([]);
  });

  it("accepts a service whose source is given, whatever the case of its name", async () => {
    const limits = [
      { ArnEquals: { "aws:SourceArn": topic } },
      { ArnLike: { "AWS:SourceArn": `arn:aws:sns:*:${account}:*` } },
      { StringEquals: { "aws:sourceaccount": [account] } },
      { StringLike: { "aws:SourceOrgPaths": "o-1/r-1/*" } },
      { StringEquals: { "aws:SourceOrgID": "o-1" }, Bool: { "aws:SecureTransport": "true" } },
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${account}:log-group:*` } },
    ];
    for (const Condition of limits) {
      const statement = { Principal: { Service: "sns.amazonaws.com" }, Condition };
      expect(await said(rule, queuePolicy(statement)), JSON.stringify(Condition)).to.deep.equal([]);
    }
  });

  it("accepts anybody of an organization, an account, a network or a service of this account", async () => {
    const limits = [
      { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      { StringEquals: { "aws:SourceVpce": "vpce-1" } },
      { StringEquals: { "AWS:SourceOwner": account } },
      { IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } },
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-1/*"] } },
      { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    ];
    for (const Condition of limits) {
      for (const Principal of ["*", { AWS: "*" }]) {
        expect(await said(rule, queuePolicy({ Principal, Condition })), JSON.stringify(Condition)).to.deep.equal([]);
      }
    }
  });

  it("reports conditions that limit nobody", async () => {
    const wide = [
      {},
      { Bool: { "aws:SecureTransport": "true" } },
      { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } },
      { StringLike: { "aws:PrincipalArn": ["*", topic] } },
      { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
      { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
      { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
      { "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-1/*" } },
      { StringEquals: { "aws:PrincipalOrgID": [] } },
    ];
    for (const Condition of wide) {
      const found = await said(rule, queuePolicy({ Principal: "*", Condition }));
      expect(found, JSON.stringify(Condition)).to.have.lengthOf(1);
    }
  });

  it("accepts anybody whom the same policy denies unless they are limited", async () => {
    const allow = { Principal: "*" };
    const deny = { Effect: "Deny", Principal: { AWS: "*" }, Action: "sqs:*" };
    const limited = { StringNotEquals: { "aws:SourceVpce": "vpce-1" } };
    expect(await said(rule, queuePolicy(allow, { ...deny, Condition: limited }))).to.deep.equal([]);
    for (const other of [
      { ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { ...deny, Condition: limited, Action: "sqs:ReceiveMessage" },
      { ...deny, Condition: limited, Principal: { AWS: account } },
    ]) {
      expect(await said(rule, queuePolicy(allow, other)), JSON.stringify(other)).to.have.lengthOf(1);
    }
  });

  it("judges what NotAction allows as it does actions that are listed", async () => {
    const others = { Action: undefined, NotAction: "sqs:DeleteQueue" };
    for (const Principal of ["*", { Service: "sns.amazonaws.com" }, { Service: "events.amazonaws.com" }]) {
      expect(await said(rule, queuePolicy({ Principal, ...others }))).to.have.lengthOf(1);
    }
    const denial = { Effect: "Deny", Principal: "*", Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } };
    expect(await said(rule, queuePolicy({ Principal: "*", ...others }, denial))).to.have.lengthOf(1);
  });

  it("accepts services where AWS sends no source, and a search domain that its network or its users guard", async () => {
    const events = { Principal: { Service: "events.amazonaws.com" } };
    expect(await said(rule, queuePolicy({ ...events, Action: ["sns:Publish"] }))).to.deep.equal([]);
    expect(await said(rule, queuePolicy({ ...events, Action: ["sns:Publish", "sqs:SendMessage"] }))).to.have.lengthOf(
      1,
    );
    const type = "aws:opensearch/domain:Domain";
    const accessPolicies = { Statement: [{ Effect: "Allow", Action: "es:*", Principal: { AWS: "*" } }] };
    for (const guard of [{ vpcOptions: {} }, { advancedSecurityOptions: { enabled: true } }]) {
      expect(await said(rule, { type, props: { accessPolicies, ...guard } })).to.deep.equal([]);
    }
    expect(await said(rule, { type, props: { accessPolicies } })).to.have.lengthOf(1);
  });

  it("does not judge what is unknown, and says so only where it matters", async () => {
    const of = (statement: object) => ({
      type: "aws:sqs/queuePolicy:QueuePolicy",
      props: { policy: { Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", ...statement }] } },
    });
    const Principal = { Service: "sns.amazonaws.com" };
    const source = of({ Principal, Condition: { ArnEquals: { "aws:SourceArn": unknown } } });
    expect(await said(rule, source)).to.deep.equal([]);
    expect(await unsaid(rule, source)).to.deep.equal(["policy.Statement[0].Condition.ArnEquals.aws:SourceArn"]);
    const Condition = { ArnEquals: { "aws:SourceArn": unknown }, StringEquals: { "aws:SourceAccount": account } };
    expect(await unsaid(rule, of({ Principal, Condition }))).to.deep.equal([]);
    expect(await unsaid(rule, of({ Principal: { AWS: account }, Condition: unknown }))).to.deep.equal([]);
    expect(await unsaid(rule, of({ Principal: unknown }))).to.deep.equal(["policy.Statement[0].Principal"]);
  });

  it("reports a document that cannot be parsed", async () => {
    const bucketPolicy = { type: "aws:s3/bucketPolicy:BucketPolicy", props: { policy: "{" } };
    expect(await onlySaid(rule, bucketPolicy)).to.match(/^policy is not valid JSON/);
  });
});

describe("public-share", () => {
  it("reports what is shared with anybody, and nothing else", async () => {
    for (const [type, path] of Object.entries(shares)) {
      const bad = /acl$/.test(path) ? ["public-read", "authenticated-read"] : ["*", "all", "All"];
      for (const value of bad) {
        const found = await onlySaid("public-share", { type, props: at(path, value) });
        expect(found, type).to.match(/: write the accounts that are meant, because this shares it with anybody\.$/);
      }
      for (const value of [account, "private", unknown]) {
        expect(await said("public-share", { type, props: at(path, value) }), type).to.deep.equal([]);
      }
      expect(await said("public-share", { type, props: {} }), type).to.deep.equal([]);
    }
  });

  it("accepts a layer and an event bus for an organization", async () => {
    const layer = { principal: "*", organizationId: "o-1" };
    const bus = { principal: "*", condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1" } };
    const layerType = "aws:lambda/layerVersionPermission:LayerVersionPermission";
    expect(await said("public-share", { type: layerType, props: layer })).to.deep.equal([]);
    const busType = "aws:cloudwatch/eventPermission:EventPermission";
    expect(await said("public-share", { type: busType, props: bus })).to.deep.equal([]);
  });
});
