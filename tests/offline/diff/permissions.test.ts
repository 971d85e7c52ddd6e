import { expect } from "chai";
import { compare } from "../../../offline/diff/compare";
import type { Resource } from "../../../offline/engine/graph";
import { type Properties, Secret } from "../../../offline/engine/values";
import { graphOf, resource } from "../../helpers/offline/graph";

type Statement = Record<string, unknown>;

const document = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown = "*", rest: Statement = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...rest,
});
const deny = (Action: unknown, Resource: unknown = "*") => ({ Effect: "Deny", Action, Resource });

const role = (inputs: Properties = {}) => resource("aws:iam/role:Role", "worker", inputs, { id: "worker-1" });
const rolePolicy = (name: string, ...statements: Statement[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", name, { role: "worker-1", policy: document(...statements) });

function widened(before: Resource[], after: Resource[]): string[] {
  const { permissions } = compare(graphOf("/p", ...before), graphOf("/p", ...after), { base: "main" });
  return permissions.map(({ subject, kind, actions, resources, principals, condition, isPublic }) =>
    [
      subject,
      kind,
      actions.join(","),
      resources.join(","),
      principals.join(","),
      condition ?? "",
      isPublic ? "public" : "",
    ].join("|"),
  );
}

const ofRole = (before: Statement[], after: Statement[]) =>
  widened([role(), rolePolicy("p", ...before)], [role(), rolePolicy("p", ...after)]);

describe("permissions that widen", () => {
  const quiet: Record<string, [before: Statement[], after: Statement[]]> = {
    order: [
      [allow(["s3:GetObject", "s3:PutObject"]), allow("sqs:*")],
      [allow("sqs:*"), allow(["s3:PutObject", "s3:GetObject"])],
    ],
    "splitting statements": [
      [allow(["a:X", "a:Y"], ["r1", "r2"])],
      [allow("a:X", ["r1", "r2"]), allow("a:Y", "r1"), allow("a:Y", "r2")],
    ],
    "the case of actions": [[allow("s3:GetObject")], [allow("S3:getobject")]],
    "narrowing a pattern": [[allow("s3:Get*", "arn:b/*")], [allow("s3:GetObject*", "arn:b/c/*")]],
    "adding a condition": [
      [allow("a:X")],
      [allow("a:X", "*", { Condition: { StringEquals: { "aws:PrincipalTag/a": "b" } } })],
    ],
    "fewer values in a condition": [
      [allow("a:X", "*", { Condition: { StringEquals: { k: ["a", "b"] } } })],
      [allow("a:X", "*", { Condition: { StringEquals: { K: "b" } } })],
    ],
    "a denial more": [[allow("a:X")], [allow("a:X"), deny("a:Y")]],
  };
  for (const [what, [before, after]] of Object.entries(quiet)) {
    it(`does not report ${what}`, () => expect(ofRole(before, after)).to.deep.equal([]));
  }

  const loud: Record<string, [before: Statement[], after: Statement[], expected: string]> = {
    "a new action": [[allow("a:X", "r")], [allow(["a:X", "a:Y"], "r")], "allowed|a:Y|r||"],
    "a wider pattern": [[allow("a:Get*")], [allow("a:*")], "allowed|a:*|*||"],
    "a question mark where a star comes": [[allow("a:G?t")], [allow("a:G*t")], "allowed|a:G*t|*||"],
    "a new resource": [[allow("a:X", "arn:b/1")], [allow("a:X", ["arn:b/1", "arn:b/2"])], "allowed|a:X|arn:b/2||"],
    "a condition that is gone": [
      [allow("a:X", "r", { Condition: { StringEquals: { k: "v" } } })],
      [allow("a:X", "r")],
      "allowed|a:X|r||",
    ],
    "more values in a condition": [
      [allow("a:X", "r", { Condition: { StringLike: { k: "a*" } } })],
      [allow("a:X", "r", { Condition: { StringLike: { k: ["ab", "b"] } } })],
      'allowed|a:X|r||{"StringLike":{"k":["ab","b"]}}',
    ],
    "a denial that is gone": [[allow("a:*"), deny("a:X", "r")], [allow("a:*")], "no longer denied|a:X|r||"],
    "another NotAction": [
      [{ Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" }],
      [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
      "allowed|all except iam:*|*||",
    ],
  };
  for (const [what, [before, after, expected]] of Object.entries(loud)) {
    it(`reports ${what}`, () => expect(ofRole(before, after)).to.deep.equal([`role worker|${expected}|`]));
  }

  it("does not look into secrets", () => {
    const secret = (action: string) => {
      const policy = new Secret(document(allow(action)));
      return resource("aws:iam/rolePolicy:RolePolicy", "p", { role: "worker-1", policy });
    };
    expect(widened([role(), secret("a:X")], [role(), secret("a:Y")])).to.deep.equal([]);
  });

  it("looks at all policies of a role together", () => {
    const before = [role(), rolePolicy("one", allow("a:X"), allow("a:Y"))];
    const after = [role(), rolePolicy("one", allow("a:X")), rolePolicy("two", allow("a:Y"))];
    expect(widened(before, after)).to.deep.equal([]);
  });

  it("reads managed policies that the program declares, and names the others", () => {
    const attach = (policyArn: string) =>
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", { role: "worker-1", policyArn });
    const own = resource("aws:iam/policy:Policy", "own", { policy: document(allow("a:X", "r")) }, { arn: "arn:own" });
    const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    expect(widened([role()], [role(), own, attach("arn:own")])).to.deep.equal(["role worker|allowed|a:X|r|||"]);
    expect(widened([role()], [role(), attach(admin)])).to.deep.equal([
      "role worker|allowed|all that AdministratorAccess allows|*|||",
    ]);
  });

  it("reports who may assume a role", () => {
    const trust = (Principal: unknown) =>
      role({ assumeRolePolicy: document({ Effect: "Allow", Action: "sts:AssumeRole", Principal }) });
    const lambda = { Service: "lambda.amazonaws.com" };
    expect(widened([trust(lambda)], [trust({ ...lambda, AWS: "123456789012" })])).to.deep.equal([
      "trust in role worker|allowed|sts:AssumeRole||arn:aws:iam::123456789012:root||",
    ]);
    const [account, root] = ["123456789012", "arn:aws:iam::123456789012:root"].map((AWS) => trust({ AWS }));
    expect(account && root && widened([account], [root])).to.deep.equal([]);
  });

  it("reports everyone, and counts it as breaking unless there is a condition", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "data", {}, { id: "data-1", bucket: "data-1" });
    const policy = (rest: Statement) =>
      resource("aws:s3/bucketPolicy:BucketPolicy", "p", {
        bucket: "data-1",
        policy: document(allow("s3:GetObject", "arn:aws:s3:::data-1/*", { Principal: { AWS: "*" }, ...rest })),
      });
    const condition = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
    const compared = (rest: Statement) =>
      compare(graphOf("/p", bucket), graphOf("/p", bucket, policy(rest)), { base: "main" });
    expect(compared({}).breaks.map(({ kind, target }) => `${kind}:${target}`)).to.deep.equal([
      "policy-opened:policy of bucket data",
    ]);
    const { breaks, permissions } = compared(condition);
    expect([breaks, permissions.length]).to.deep.equal([[], 1]);
  });

  it("reads the permissions of functions, whether by name or ARN", () => {
    const fn = resource("aws:lambda/function:Function", "api", {}, { name: "api-1" });
    const permission = (name: string, inputs: Properties) =>
      resource("aws:lambda/permission:Permission", name, {
        action: "lambda:InvokeFunction",
        principal: "s3.amazonaws.com",
        ...inputs,
      });
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:api-1";
    const before = [fn, permission("p", { function: "api-1", sourceArn: "arn:aws:s3:::a*" })];
    expect(widened(before, [fn, permission("other", { function: arn, sourceArn: "arn:aws:s3:::ab" })])).to.deep.equal(
      [],
    );
    expect(widened(before, [fn, permission("p", { function: "api-1", principal: "*" })])).to.deep.equal([
      "policy of function api|allowed|lambda:InvokeFunction|this function|*||public",
    ]);
    const policy = document(allow("lambda:InvokeFunction", arn, { Principal: "*" }));
    const whole = resource("aws:lambda/resourcePolicy:ResourcePolicy", "whole", { resourceArn: arn, policy });
    expect(widened(before, [...before, whole])).to.have.lengthOf(1);
    expect(widened(before, [...before, whole])[0]).to.match(
      /^policy of function api\|allowed\|lambda:InvokeFunction\|/,
    );
  });

  it("reads the policies of queues, topics, keys and tables", () => {
    const of = (type: string, field: string, statements: Statement[]) =>
      resource(type, "p", { [field]: "target", policy: document(...statements) });
    const statement = allow("a:X", "r", { Principal: { AWS: "arn:aws:iam::210987654321:root" } });
    for (const [type, field] of [
      ["aws:sqs/queuePolicy:QueuePolicy", "queueUrl"],
      ["aws:sns/topicPolicy:TopicPolicy", "arn"],
      ["aws:kms/keyPolicy:KeyPolicy", "keyId"],
      ["aws:dynamodb/resourcePolicy:ResourcePolicy", "resourceArn"],
    ] as const) {
      expect(widened([of(type, field, [])], [of(type, field, [statement])]), type).to.have.lengthOf(1);
    }
  });
});
