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

/** The policies of a role, a user or a group that are resources of their own. */
function ofIdentity(kind: string): Row[] {
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  return [
    { kind, types: { [`aws:iam/${kind}Policy:${name}Policy`]: kind }, grants: ofPolicy },
    { kind, types: { [`aws:iam/${kind}PolicyAttachment:${name}PolicyAttachment`]: kind }, grants: ofAttached },
  ];
}

/** The policy that a resource has itself, or that another resource gives it. */
function ofPolicyOf(what: string, types: Row["types"]): Row {
  return { kind: `policy of ${what}`, types, grants: ofPolicy };
}

const rows: Row[] = [
  {
    kind: "role",
    types: { "aws:iam/role:Role": "id" },
    grants: ({ inlinePolicies, managedPolicyArns }, policies) => [
      ...asList(inlinePolicies).flatMap(ofPolicy),
      ...asTexts(managedPolicyArns).flatMap((arn) => attached(arn, policies)),
    ],
  },
  ...["role", "user", "group"].flatMap(ofIdentity),
  {
    kind: "trust in role",
    types: { "aws:iam/role:Role": "id" },
    grants: ({ assumeRolePolicy }) => grantsOf(assumeRolePolicy),
  },
  ofPolicyOf("bucket", { "aws:s3/bucket:Bucket": "bucket", "aws:s3/bucketPolicy:BucketPolicy": "bucket" }),
  ofPolicyOf("topic", { "aws:sns/topic:Topic": "arn", "aws:sns/topicPolicy:TopicPolicy": "arn" }),
  ofPolicyOf("queue", { "aws:sqs/queue:Queue": "id", "aws:sqs/queuePolicy:QueuePolicy": "queueUrl" }),
  ofPolicyOf("key", { "aws:kms/key:Key": "keyId", "aws:kms/keyPolicy:KeyPolicy": "keyId" }),
  ofPolicyOf("table", { "aws:dynamodb/resourcePolicy:ResourcePolicy": "resourceArn" }),
  ofPolicyOf("repository", { "aws:ecr/repositoryPolicy:RepositoryPolicy": "repository" }),
  ofPolicyOf("secret", { "aws:secretsmanager/secretPolicy:SecretPolicy": "secretArn" }),
  ofPolicyOf("function", { "aws:lambda/resourcePolicy:ResourcePolicy": "resourceArn" }),
  ofPolicyOf("API", {
    "aws:apigateway/restApi:RestApi": "id",
    "aws:apigateway/restApiPolicy:RestApiPolicy": "restApiId",
  }),
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
