import { expect } from "chai";
import { type AccessRequest, type Effect, effectOf, statementsIn } from "../../../../../offline/cloud/core/iam/policy";
import { DOCUMENTATION, testFacts } from "../../../../helpers/facts";

const ACTION = "execute-api:Invoke";
const ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/Prod/GET/items/1";
const USER = "arn:aws:iam::123456789012:user/ann";

const allow = { Effect: "Allow", Action: ACTION, Resource: "*" };
const deny = { ...allow, Effect: "Deny" };

interface Row {
  fact: string;
  statements: object[];
  request?: Partial<AccessRequest>;
  effect?: Effect;
}

const FACTS = {
  "aws:username": "ann",
  "aws:sourceip": "192.0.2.7",
  "aws:principalarn": USER,
  "aws:securetransport": "true",
  "aws:currenttime": "2026-03-01T12:00:00.000Z",
  "aws:epochtime": "1772366400",
  "aws:principaltag/team": "red",
  "sts:externalid": "7",
};

const elements: Row[] = [
  { fact: "What no statement is about is neither allowed nor denied", statements: [], effect: undefined },
  { fact: "A statement allows its action on its resource", statements: [{ ...allow, Resource: ARN }], effect: "Allow" },
  { fact: "A denial outweighs whatever allows", statements: [allow, deny, allow], effect: "Deny" },
  {
    fact: "Actions match whatever the case of letters",
    statements: [{ ...allow, Action: "Execute-API:invoke" }],
    effect: "Allow",
  },
  { fact: "Resources match by the case of letters", statements: [{ ...allow, Resource: ARN.replace("Prod", "prod") }] },
  {
    fact: "Wildcards stand for any text",
    statements: [{ ...allow, Action: "execute-api:*", Resource: "arn:aws:execute-api:*:*:api/*/GET/*" }],
    effect: "Allow",
  },
  {
    fact: "A question mark stands for one character",
    statements: [{ ...allow, Resource: ARN.replace(/1$/, "?") }],
    effect: "Allow",
  },
  {
    fact: "A question mark does not stand for two characters",
    statements: [{ ...allow, Resource: ARN.replace(/\/1$/, "?") }],
    request: { resource: `${ARN}2` },
  },
  { fact: "Dots are no wildcards", statements: [{ ...allow, Resource: ARN.replace("items", "i.ems") }] },
  {
    fact: "NotAction is about all other actions",
    statements: [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }],
    effect: "Allow",
  },
  {
    fact: "NotAction is not about its own actions",
    statements: [{ Effect: "Allow", NotAction: ["s3:*", ACTION], Resource: "*" }],
  },
  {
    fact: "NotResource is about all other resources",
    statements: [{ Effect: "Deny", Action: "*", NotResource: `${ARN}2` }],
    effect: "Deny",
  },
  {
    fact: "NotResource is not about its own resources",
    statements: [{ Effect: "Deny", Action: "*", NotResource: [ARN] }],
  },
  {
    fact: "A policy variable stands for what is known",
    statements: [{ ...allow, Resource: "arn:*:api/Prod/GET/${aws:username}" }],
    request: { resource: "arn:x:api/Prod/GET/ann" },
    effect: "Allow",
  },
  {
    fact: "A policy variable without a value matches nothing",
    statements: [{ ...allow, Resource: "*${aws:PrincipalTag/none}" }],
  },
  {
    fact: "A policy variable may have a default",
    statements: [{ ...allow, Resource: "*/${aws:PrincipalTag/none, '1'}" }],
    effect: "Allow",
  },
  { fact: "${*} is an asterisk", statements: [{ ...allow, Resource: "${*}" }] },
];

const principals: Row[] = [
  { fact: "A principal is a user by ARN", statements: [{ ...allow, Principal: { AWS: USER } }], effect: "Allow" },
  { fact: "Another principal gets nothing", statements: [{ ...allow, Principal: { AWS: `${USER}a` } }] },
  {
    fact: "Everybody is a principal, signed or not",
    statements: [{ ...allow, Principal: "*" }],
    request: { names: [] },
    effect: "Allow",
  },
  {
    fact: "Everybody may be written as AWS",
    statements: [{ ...allow, Principal: { AWS: ["*"] } }],
    request: { names: [] },
    effect: "Allow",
  },
  {
    fact: "A session of a role is named by its role",
    statements: [{ ...allow, Principal: { AWS: "arn:aws:iam::123456789012:role/r" } }],
    request: { names: ["arn:aws:sts::123456789012:assumed-role/r/s", "arn:aws:iam::123456789012:role/r"] },
    effect: "Allow",
  },
  {
    fact: "What an account may do is left to its own policies",
    statements: [{ ...allow, Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
  },
  {
    fact: "What an account must not do is denied to all in it",
    statements: [{ ...deny, Principal: { AWS: "123456789012" } }],
    effect: "Deny",
  },
  { fact: "A service is nobody who signs", statements: [{ ...allow, Principal: { Service: "lambda.amazonaws.com" } }] },
  {
    fact: "NotPrincipal denies all others",
    statements: [{ ...deny, NotPrincipal: { AWS: `${USER}a` } }],
    effect: "Deny",
  },
  { fact: "NotPrincipal spares those whom it names", statements: [{ ...deny, NotPrincipal: { AWS: USER } }] },
];

/** Conditions that hold, and conditions that do not. */
const conditions: Record<string, [holding: object, failing: object]> = {
  StringEquals: [{ "aws:username": ["bob", "ann"] }, { "aws:username": "Ann" }],
  StringNotEquals: [{ "aws:username": ["bob", "carl"] }, { "aws:username": ["bob", "ann"] }],
  StringEqualsIgnoreCase: [{ "AWS:UserName": "ANN" }, { "aws:username": "bob" }],
  StringLike: [{ "aws:username": "a*" }, { "aws:username": "b*" }],
  StringNotLike: [{ "aws:username": "b*" }, { "aws:username": "a?n" }],
  StringEqualsIfExists: [{ "aws:none": "x" }, { "aws:username": "x" }],
  "ForAnyValue:StringEquals": [{ "aws:PrincipalTag/team": ["red", "blue"] }, { "aws:none": "x" }],
  "ForAllValues:StringEquals": [{ "aws:none": "x" }, { "aws:username": "x" }],
  ArnLike: [{ "aws:PrincipalArn": "arn:aws:iam::*:user/*" }, { "aws:PrincipalArn": "arn:aws:*/ann" }],
  ArnEquals: [
    { "aws:PrincipalArn": "arn:aws:iam::123456789012:user/${aws:username}" },
    { "aws:PrincipalArn": "arn:*:iam::1:user/ann" },
  ],
  ArnNotLike: [{ "aws:PrincipalArn": "arn:aws:iam::*:role/*" }, { "aws:PrincipalArn": "arn:aws:iam::*:user/*" }],
  IpAddress: [
    { "aws:SourceIp": ["203.0.113.0/24", "192.0.2.0/24"] },
    { "aws:SourceIp": ["192.0.2.8", "2001:db8::/32"] },
  ],
  NotIpAddress: [{ "aws:SourceIp": "203.0.113.0/24" }, { "aws:SourceIp": "192.0.2.7" }],
  Bool: [{ "aws:SecureTransport": true }, { "aws:SecureTransport": "false" }],
  Null: [{ "aws:none": "true", "aws:username": false }, { "aws:username": "true" }],
  DateGreaterThan: [{ "aws:CurrentTime": "2026-03-01T11:00:00Z" }, { "aws:CurrentTime": "2026-03-01T13:00:00Z" }],
  DateLessThanEquals: [{ "aws:EpochTime": 1772366400 }, { "aws:EpochTime": "2026-03-01T11:59:59Z" }],
  NumericLessThan: [{ "sts:ExternalId": "10" }, { "sts:ExternalId": 7 }],
  NumericNotEquals: [{ "sts:ExternalId": 8 }, { "sts:ExternalId": "7.0" }],
};

const conditional: Row[] = Object.entries(conditions).flatMap(([operator, [holding, failing]]): Row[] => [
  {
    fact: `${operator} lets a statement count`,
    statements: [{ ...allow, Condition: { [operator]: holding } }],
    effect: "Allow",
  },
  {
    fact: `${operator} keeps a statement from counting`,
    statements: [{ ...allow, Condition: { [operator]: failing } }],
  },
]);

const together: Row[] = [
  {
    fact: "All keys of a condition must hold",
    statements: [{ ...allow, Condition: { StringEquals: { "aws:username": "ann", "aws:none": "x" } } }],
  },
  {
    fact: "All operators of a condition must hold",
    statements: [
      { ...allow, Condition: { StringEquals: { "aws:username": "ann" }, Bool: { "aws:SecureTransport": "false" } } },
    ],
  },
  {
    fact: "A key without a value does not hold",
    statements: [{ ...deny, Condition: { StringEquals: { "aws:none": "x" } } }],
  },
  {
    fact: "A key without a value differs from all others",
    statements: [{ ...deny, Condition: { StringNotEquals: { "aws:none": "x" } } }],
    effect: "Deny",
  },
];

describe("IAM's policies", () => {
  const origin = { service: "IAM", source: DOCUMENTATION };
  const check = ({ statements, request, effect }: Row) => {
    const asked = { action: ACTION, resource: ARN, names: [USER], facts: FACTS, ...request };
    expect(effectOf(statementsIn(JSON.stringify({ Statement: statements })) ?? [], asked)).to.equal(effect);
  };
  testFacts({ ...origin, facts: [...elements, ...principals, ...conditional, ...together] }, check);

  it("may have one statement that is not in a list", () => {
    expect(statementsIn({ Statement: allow })).to.deep.equal([allow]);
  });

  it("are none if they have no statement or are not JSON", () => {
    expect([statementsIn({}), statementsIn("{"), statementsIn(undefined)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("never let anybody through with an operator that IAM does not have", () => {
    const Condition = { StringMatches: { "aws:username": "ann" } };
    const asked = { action: ACTION, resource: ARN, names: [], facts: FACTS };
    expect(effectOf([{ ...allow, Condition }], asked)).to.equal(undefined);
    expect(effectOf([allow, { ...deny, Condition }], asked)).to.equal("Deny");
  });

  it("know nothing by the names that every object has", () => {
    const asked = { action: ACTION, resource: ARN, names: [], facts: FACTS };
    const Condition = { StringLike: { constructor: "*" } };
    expect(effectOf([{ ...allow, Condition }], asked)).to.equal(undefined);
    expect(effectOf([{ ...allow, Resource: "*${__proto__}" }], asked)).to.equal(undefined);
  });

  it("leave what they say of VPCs out of account, as no request comes through one", () => {
    const asked = { action: ACTION, resource: ARN, names: [], facts: FACTS };
    const isFrom = { StringEquals: { "aws:SourceVpce": "vpce-1" } };
    const isNotFrom = { StringNotEquals: { "aws:SourceVpce": "vpce-1" } };
    expect(effectOf([{ ...allow, Condition: isFrom }], asked)).to.equal("Allow");
    expect(effectOf([allow, { ...deny, Condition: isNotFrom }], asked)).to.equal("Allow");
  });
});
