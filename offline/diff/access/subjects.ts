import { asList, asText, asTexts, ownResources, type PlainResource, type Settings } from "../../cloud/core/resources";
import type { Graph } from "../../engine/graph";
import { conditionOf, type Grant, grantsOf } from "./grants";

/** Someone with permissions, or something with a policy of its own, and all that is granted, whichever resources grant it. */
export interface Subject {
  /** The same in every version of a program: `role items-1234567`. */
  key: string;
  /** `role items`. */
  title: string;
  grants: Grant[];
}

/** Where the types of a kind keep a policy document, and whose it is. */
interface Row {
  kind: string;
  /** The types, with the setting that names the subject. */
  types: Record<string, string>;
  grants(settings: Settings, policies: Map<unknown, Grant[]>): Grant[];
}

const ofPolicy = ({ policy }: Settings) => grantsOf(policy);
const ofAttached = ({ policyArn }: Settings, policies: Map<unknown, Grant[]>) => attached(policyArn, policies);

const rows: Row[] = [
  {
    kind: "role",
    types: { "aws:iam/role:Role": "id" },
    grants: ({ inlinePolicies, managedPolicyArns }, policies) => [
      ...asList(inlinePolicies).flatMap(ofPolicy),
      ...asTexts(managedPolicyArns).flatMap((arn) => attached(arn, policies)),
    ],
  },
  { kind: "role", types: { "aws:iam/rolePolicy:RolePolicy": "role" }, grants: ofPolicy },
  { kind: "role", types: { "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role" }, grants: ofAttached },
  { kind: "user", types: { "aws:iam/userPolicy:UserPolicy": "user" }, grants: ofPolicy },
  { kind: "user", types: { "aws:iam/userPolicyAttachment:UserPolicyAttachment": "user" }, grants: ofAttached },
  { kind: "group", types: { "aws:iam/groupPolicy:GroupPolicy": "group" }, grants: ofPolicy },
  { kind: "group", types: { "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "group" }, grants: ofAttached },
  {
    kind: "trust in role",
    types: { "aws:iam/role:Role": "id" },
    grants: ({ assumeRolePolicy }) => grantsOf(assumeRolePolicy),
  },
  {
    kind: "policy of bucket",
    types: { "aws:s3/bucket:Bucket": "bucket", "aws:s3/bucketPolicy:BucketPolicy": "bucket" },
    grants: ofPolicy,
  },
  {
    kind: "policy of topic",
    types: { "aws:sns/topic:Topic": "arn", "aws:sns/topicPolicy:TopicPolicy": "arn" },
    grants: ofPolicy,
  },
  {
    kind: "policy of queue",
    types: { "aws:sqs/queue:Queue": "id", "aws:sqs/queuePolicy:QueuePolicy": "queueUrl" },
    grants: ofPolicy,
  },
  {
    kind: "policy of key",
    types: { "aws:kms/key:Key": "keyId", "aws:kms/keyPolicy:KeyPolicy": "keyId" },
    grants: ofPolicy,
  },
  {
    kind: "policy of table",
    types: { "aws:dynamodb/resourcePolicy:ResourcePolicy": "resourceArn" },
    grants: ofPolicy,
  },
  {
    kind: "policy of repository",
    types: { "aws:ecr/repositoryPolicy:RepositoryPolicy": "repository" },
    grants: ofPolicy,
  },
  {
    kind: "policy of secret",
    types: { "aws:secretsmanager/secretPolicy:SecretPolicy": "secretArn" },
    grants: ofPolicy,
  },
  {
    kind: "policy of API",
    types: { "aws:apigateway/restApi:RestApi": "id", "aws:apigateway/restApiPolicy:RestApiPolicy": "restApiId" },
    grants: ofPolicy,
  },
  {
    kind: "policy of function",
    types: { "aws:lambda/permission:Permission": "function" },
    grants: (settings) => [grantOfPermission(settings)],
  },
];

/** All subjects of a program. */
export function readSubjects(graph: Graph): Subject[] {
  const policies = new Map(
    ownResources(graph, "aws:iam/policy:Policy").map(({ settings }) => [settings.arn, grantsOf(settings.policy)]),
  );
  const titles = titlesIn(graph);
  const subjects = new Map<string, Subject>();
  for (const { kind, types, grants } of rows) {
    for (const [type, field] of Object.entries(types)) {
      for (const resource of ownResources(graph, type)) {
        const id = withoutArn(asText(resource.settings[field]) ?? resource.name);
        const key = `${kind} ${id}`;
        const subject = subjects.get(key) ?? { key, title: `${kind} ${titles.get(id) ?? id}`, grants: [] };
        subject.grants.push(...grants(resource.settings, policies));
        subjects.set(key, subject);
      }
    }
  }
  return [...subjects.values()];
}

/** The names that the program gives to its resources, by the ids, names and ARNs that policies use. */
function titlesIn(graph: Graph): Map<string, string> {
  const types = [
    ...new Set([...rows.flatMap(({ types: own }) => Object.keys(own)), "aws:lambda/function:Function"]),
    "aws:dynamodb/table:Table",
    "aws:ecr/repository:Repository",
    "aws:secretsmanager/secret:Secret",
  ].filter((type) => !/(Policy|Permission|Attachment)$/.test(type));
  const named = types.flatMap((type) => ownResources(graph, type));
  const texts = ({ id, name, arn, keyId, url }: Settings) =>
    [id, name, arn, keyId, url].flatMap((one) => asText(one) ?? []);
  return new Map(
    named.flatMap(({ name, settings }: PlainResource) =>
      texts(settings).map((text) => [withoutArn(text), name] as const),
    ),
  );
}

/** The name of a function or a role in its ARN; any other text as it is. */
function withoutArn(text: string): string {
  return /^arn:[^:]+:(?:lambda:[^:]*:\d+:function:|iam::\d+:role\/(?:.*\/)?)([^:/]+)/.exec(text)?.[1] ?? text;
}

/** What a managed policy allows is known only if the program declares it. */
function attached(arn: unknown, policies: Map<unknown, Grant[]>): Grant[] {
  const action = `all that ${String(arn).split(":policy/").pop()} allows`;
  return policies.get(arn) ?? [{ effect: "Allow", principal: "", action, resource: "*", condition: {} }];
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function grantOfPermission(settings: Settings): Grant {
  const { action, principal, sourceArn, sourceAccount, principalOrgId, functionUrlAuthType } = settings;
  const given = (key: string, value: unknown) => (asText(value) ? { [key]: value } : undefined);
  const [arn, account] = [given("aws:SourceArn", sourceArn), given("aws:SourceAccount", sourceAccount)];
  const [organization, url] = [
    given("aws:PrincipalOrgID", principalOrgId),
    given("lambda:FunctionUrlAuthType", functionUrlAuthType),
  ];
  const equal = { ...account, ...organization, ...url };
  return {
    effect: "Allow",
    principal: String(principal),
    action: String(action),
    resource: "this function",
    condition: conditionOf({
      ...(arn && { ArnLike: arn }),
      ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    }),
  };
}
