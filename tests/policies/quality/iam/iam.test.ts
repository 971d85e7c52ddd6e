import { expect } from "chai";
import { unknown } from "../../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "../said";

const bucket = "arn:aws:s3:::items/*";

/** A policy with a single statement. */
function policy(statement: unknown, type = "aws:iam/rolePolicy:RolePolicy") {
  return { type, props: { policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) } };
}

function allow(more: object): object {
  return { Effect: "Allow", Action: ["s3:GetObject"], Resource: [bucket], ...more };
}

describe("iam-least-privilege", () => {
  const rule = "iam-least-privilege";

  it("accepts listed actions on listed resources, alone or in lists, in any type of policy", async () => {
    const types = [
      "iam/policy:Policy",
      "iam/rolePolicy:RolePolicy",
      "iam/userPolicy:UserPolicy",
      "iam/groupPolicy:GroupPolicy",
    ];
    for (const type of types) {
      const statement = allow({ Action: "s3:Get*", Resource: bucket });
      expect(await said(rule, policy(statement, `aws:${type}`)), type).to.deep.equal([]);
      expect(await said(rule, policy(allow({ Action: "*" }), `aws:${type}`)), type).to.have.lengthOf(1);
    }
  });

  it("reports each action that covers a whole service or all services", async () => {
    const found = await said(rule, policy(allow({ Action: ["s3:GetObject", "s3:*", "*", "*:*", "s*:Get"] })));
    expect(found).to.deep.equal(
      ["s3:*", "*", "*:*", "s*:Get"].map(
        (action, index) => `policy.Statement[0].Action[${index + 1}] is "${action}": list the actions that are needed.`,
      ),
    );
  });

  it("reports a resource that matches everything, and the actions that do not need it", async () => {
    const actions = ["xray:PutTraceSegments", "s3:GetObject", "s3:PutObject"];
    expect(await onlySaid(rule, policy(allow({ Action: actions, Resource: "*" })))).to.equal(
      'policy.Statement[0].Resource is "*" for s3:GetObject, s3:PutObject: list the ARNs that they are needed on.',
    );
    for (const resource of ["arn:aws:*", "arn:*", "arn:aws:*:*:*:*"]) {
      expect(await said(rule, policy(allow({ Resource: [bucket, resource] }))), resource).to.have.lengthOf(1);
    }
    const many = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"];
    expect(await onlySaid(rule, policy(allow({ Action: many.slice(1), Resource: "*" })))).to.match(
      /, s3:DeleteObject: /,
    );
    expect(await onlySaid(rule, policy(allow({ Action: many, Resource: "*" })))).to.match(/ListBucket and others: /);
  });

  it("accepts * as the resource of actions that need it, whatever their case", async () => {
    for (const action of ["xray:puttracesegments", "ec2:DescribeInstances", "ec2:Describe*", "batch:ListJobs"]) {
      expect(await said(rule, policy(allow({ Action: action, Resource: "*" }))), action).to.deep.equal([]);
    }
    expect(await said(rule, policy(allow({ Action: "ecs:ListTasks", Resource: "*" })))).to.have.lengthOf(1);
    const settings = { actionsWithoutResource: ["ecs:ListT*"] };
    expect(await said(rule, policy(allow({ Action: "ecs:ListTasks", Resource: "*" })), settings)).to.deep.equal([]);
    expect(await said(rule, policy(allow({ Action: "ec2:D*", Resource: "*" })))).to.have.lengthOf(1);
  });

  it("accepts * as a resource that conditions on tags or a cluster limit, or may limit", async () => {
    const tag = "aws:ResourceTag/team";
    const conditions: [condition: unknown, findings: number][] = [
      [{ StringEquals: { [tag]: "data" } }, 0],
      [{ StringLike: { "ec2:ResourceTag/team": "*" } }, 0],
      [{ "ForAnyValue:StringEquals": { "aws:RequestTag/team": ["data"] } }, 0],
      [{ ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/jobs" } }, 0],
      [unknown, 0],
      [{ StringNotEquals: { [tag]: "data" } }, 1],
      [{ StringEqualsIfExists: { [tag]: "data" } }, 1],
      [{ "ForAllValues:StringEquals": { [tag]: "data" } }, 1],
      [{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, 1],
      [{ StringEquals: {} }, 1],
      ["hunter2", 1],
    ];
    for (const [Condition, findings] of conditions) {
      const props = { policy: { Statement: [{ ...allow({ Action: "ecs:RunTask", Resource: "*" }), Condition }] } };
      const found = await said(rule, { type: "aws:iam/rolePolicy:RolePolicy", props });
      expect(found, JSON.stringify(Condition)).to.have.lengthOf(findings);
    }
  });

  it("accepts AWS's own policies for Step Functions' logs and Lambda in a VPC", async () => {
    for (const action of ["logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "ec2:CreateNetworkInterface"]) {
      expect(await said(rule, policy(allow({ Action: action, Resource: "*" }))), action).to.deep.equal([]);
    }
  });

  it("judges the known parts of a document with unknown ones, and names those that matter", async () => {
    const of = (statement: object) => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      props: {
        policy: {
          Statement: [
            { Effect: "Allow", ...statement },
            { Effect: "Deny", Action: unknown },
          ],
        },
      },
    });
    const both = of({ Action: ["*", unknown], Resource: unknown });
    expect(await onlySaid(rule, both)).to.match(/^policy\.Statement\[0\]\.Action\[0\] is "\*": /);
    expect(await unsaid(rule, both)).to.deep.equal(["policy.Statement[0].Action[1]"]);
    const listed = of({ Action: "s3:GetObject", Resource: [unknown, bucket] });
    expect(await unsaid(rule, listed)).to.deep.equal(["policy.Statement[0].Resource[0]"]);
    const anywhere = of({ Action: "xray:PutTraceSegments", Resource: unknown });
    expect(await unsaid(rule, anywhere)).to.deep.equal([]);
    const tags = { StringEquals: { "aws:ResourceTag/team": unknown } };
    expect(await unsaid(rule, of({ Action: "ecs:RunTask", Resource: "*", Condition: tags }))).to.deep.equal([]);
  });

  it("reports NotAction and NotResource, except in denials", async () => {
    expect(await onlySaid(rule, policy({ Effect: "Allow", NotAction: "iam:*", Resource: bucket }))).to.equal(
      "policy.Statement[0] has NotAction, which allows everything else: list what is needed in Action.",
    );
    expect(await onlySaid(rule, policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: bucket }))).to.match(
      / has NotResource, which allows everything else: list what is needed in Resource\.$/,
    );
    for (const denial of [
      { Action: "*", Resource: "*" },
      { NotAction: "s3:*", NotResource: bucket },
    ]) {
      expect(await said(rule, policy({ Effect: "Deny", ...denial }))).to.deep.equal([]);
    }
  });

  it("checks each inline policy of a role", async () => {
    const inline = (statement: unknown) => ({ policy: JSON.stringify({ Statement: statement }) });
    const inlinePolicies = [
      inline([allow({})]),
      unknown,
      { name: "none" },
      { policy: unknown },
      inline(allow({ Action: "*" })),
    ];
    expect(await said(rule, { type: "aws:iam/role:Role", props: { inlinePolicies } })).to.deep.equal([
      'inlinePolicies[4].policy.Statement.Action is "*": list the actions that are needed.',
    ]);
  });

  it("checks a document that is an object, and skips unknown parts", async () => {
    const Statement = [unknown, { Effect: unknown, Action: "*" }, allow({ Action: [unknown, "*"], Resource: unknown })];
    const props = { policy: { Version: "2012-10-17", Statement } };
    expect(await said(rule, { type: "aws:iam/policy:Policy", props })).to.deep.equal([
      'policy.Statement[2].Action[1] is "*": list the actions that are needed.',
    ]);
  });

  it("reports nothing if the document is unknown or missing", async () => {
    expect(await said(rule, { type: "aws:iam/policy:Policy", props: { policy: unknown } })).to.deep.equal([]);
    expect(await said(rule, { type: "aws:iam/role:Role", props: { inlinePolicies: unknown } })).to.deep.equal([]);
    expect(await said(rule, { type: "aws:iam/role:Role", props: {} })).to.deep.equal([]);
  });

  it("reports a document that cannot be parsed, without showing it", async () => {
    const saidOf = (value: unknown) => onlySaid(rule, { type: "aws:iam/policy:Policy", props: { policy: value } });
    expect(await saidOf('{ "Statement": secret')).to.match(/^policy is not valid JSON( \(at position \d+\))?\.$/);
    expect(await saidOf(true)).to.equal("policy must be a JSON document, but is a boolean.");
    expect(await saidOf('{"Statement":["secret"]}')).to.equal("policy.Statement[0] must be a statement, a map.");
  });

  it("accepts AWS's default policy of a key", async () => {
    expect(await said(rule, policy(allow({ Action: "kms:*", Resource: "*" }), "aws:kms/key:Key"))).to.deep.equal([]);
  });
});

describe("iam-no-administrator", () => {
  const rule = "iam-no-administrator";
  const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
  const typeOf = (kind: string) => `aws:iam/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;

  it("reports AWS's administrator policies wherever they are attached", async () => {
    const message = `is ${administrator}: attach a policy that lists what is needed.`;
    for (const kind of ["RolePolicyAttachment", "UserPolicyAttachment", "GroupPolicyAttachment", "PolicyAttachment"]) {
      const attachment = { type: typeOf(kind), props: { policyArn: administrator } };
      expect(await onlySaid(rule, attachment), kind).to.equal(`policyArn ${message}`);
    }
    for (const kind of ["Role", "User", "Group"].map((who) => `${who}PolicyAttachmentsExclusive`)) {
      const attachments = { type: typeOf(kind), props: { policyArns: [administrator] } };
      expect(await onlySaid(rule, attachments), kind).to.equal(`policyArns[0] ${message}`);
    }
    const managedPolicyArns = [
      unknown,
      "arn:aws-cn:iam::aws:policy/PowerUserAccess",
      1,
      "arn:aws:iam::aws:policy/IAMFullAccess",
    ];
    expect(await said(rule, { type: "aws:iam/role:Role", props: { managedPolicyArns } })).to.deep.equal([
      "managedPolicyArns[1] is arn:aws-cn:iam::aws:policy/PowerUserAccess: attach a policy that lists what is needed.",
      "managedPolicyArns[2] must be a string, but is a number.",
      "managedPolicyArns[3] is arn:aws:iam::aws:policy/IAMFullAccess: attach a policy that lists what is needed.",
    ]);
  });

  it("accepts other policies, the account's own policy of that name, and unknown ones", async () => {
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    for (const policyArn of [
      "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole",
      "arn:aws:iam::123456789012:policy/AdministratorAccess",
      unknown,
    ]) {
      expect(await said(rule, { type, props: { policyArn } })).to.deep.equal([]);
    }
    expect(await said(rule, { type, props: { policyArn: administrator } }, { policies: [] })).to.deep.equal([]);
  });
});

describe("iam-trust", () => {
  const rule = "iam-trust";
  const role = (statement: object) => ({
    type: "aws:iam/role:Role",
    props: {
      assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] }),
    },
  });

  it("accepts services, accounts, and anybody under a condition", async () => {
    for (const statement of [
      { Principal: { Service: ["lambda.amazonaws.com", "batch.amazonaws.com"] } },
      { Principal: { AWS: "arn:aws:iam::123456789012:root" } },
      { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
      { Effect: "Deny", Principal: "*" },
    ]) {
      expect(await said(rule, role(statement))).to.deep.equal([]);
    }
  });

  it("reports anybody, and NotPrincipal", async () => {
    const anybody = ' is "*", which means anybody: write the service or the ARN that may assume the role.';
    const path = "assumeRolePolicy.Statement[0].Principal";
    expect(await onlySaid(rule, role({ Principal: "*" }))).to.equal(path + anybody);
    expect(await onlySaid(rule, role({ Principal: { Service: "ec2.amazonaws.com", AWS: ["one", "*"] } }))).to.equal(
      `${path}.AWS[1]${anybody}`,
    );
    expect(await onlySaid(rule, role({ NotPrincipal: { AWS: "one" } }))).to.match(
      / has NotPrincipal, which trusts everybody else: /,
    );
  });

  it("accepts an unknown document, and reports one that is not JSON", async () => {
    const type = "aws:iam/role:Role";
    expect(await said(rule, { type, props: { assumeRolePolicy: unknown } })).to.deep.equal([]);
    expect(await onlySaid(rule, { type, props: { assumeRolePolicy: "{" } })).to.match(
      /^assumeRolePolicy is not valid JSON/,
    );
    const props = { assumeRolePolicy: { Statement: [{ Effect: "Allow", Principal: { AWS: unknown } }] } };
    expect(await said(rule, { type, props })).to.deep.equal([]);
  });
});
