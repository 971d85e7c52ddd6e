import type { ResourceRule, Subject } from "../../lib/rule";
import { anyOf, unless } from "../../lib/unknowns";
import { holds, isGiven } from "../../lib/values";
import { byPath, demand } from "../checks";
import { documentsAt } from "./documents";
import { outsidersOf } from "./outsiders";

/**
 * Paths of resource-based policy documents, by resource type. VPC endpoints' policies are left out: they limit rights
 * and give none.
 */
export const resourceDocuments: Record<string, string[]> = {
  "aws:acmpca/policy:Policy": ["policy"],
  "aws:amp/resourcePolicy:ResourcePolicy": ["policyDocument"],
  "aws:apigateway/domainName:DomainName": ["policy"],
  "aws:apigateway/restApi:RestApi": ["policy", "body{}.x-amazon-apigateway-policy"],
  "aws:apigateway/restApiPolicy:RestApiPolicy": ["policy"],
  "aws:apigateway/restApiPut:RestApiPut": ["body{}.x-amazon-apigateway-policy"],
  "aws:backup/vaultPolicy:VaultPolicy": ["policy"],
  "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy": ["policy"],
  "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy": ["accessPolicy"],
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": ["policy"],
  "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": ["deliveryDestinationPolicy"],
  "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": ["accessPolicy"],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ["policyDocument"],
  "aws:codeartifact/domainPermissions:DomainPermissions": ["policyDocument"],
  "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": ["policyDocument"],
  "aws:codebuild/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:dsql/clusterPolicy:ClusterPolicy": ["policy"],
  "aws:dynamodb/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:ecr/registryPolicy:RegistryPolicy": ["policy"],
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ["repositoryPolicy"],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ["policy"],
  "aws:ecrpublic/repositoryPolicy:RepositoryPolicy": ["policy"],
  "aws:efs/fileSystemPolicy:FileSystemPolicy": ["policy"],
  "aws:elasticsearch/domain:Domain": ["accessPolicies"],
  "aws:elasticsearch/domainPolicy:DomainPolicy": ["accessPolicies"],
  "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment": ["s3AccessPoint.policy"],
  "aws:glacier/vault:Vault": ["accessPolicy"],
  "aws:glacier/vaultLock:VaultLock": ["policy"],
  "aws:glue/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:kinesis/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:kms/externalKey:ExternalKey": ["policy"],
  "aws:kms/key:Key": ["policy"],
  "aws:kms/keyPolicy:KeyPolicy": ["policy"],
  "aws:kms/replicaExternalKey:ReplicaExternalKey": ["policy"],
  "aws:kms/replicaKey:ReplicaKey": ["policy"],
  "aws:lambda/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:mediastore/containerPolicy:ContainerPolicy": ["policy"],
  "aws:msk/clusterPolicy:ClusterPolicy": ["policy"],
  "aws:networkfirewall/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:oam/sinkPolicy:SinkPolicy": ["policy"],
  "aws:opensearch/domain:Domain": ["accessPolicies"],
  "aws:opensearch/domainPolicy:DomainPolicy": ["accessPolicies"],
  "aws:opensearchingest/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:organizations/resourcePolicy:ResourcePolicy": ["content"],
  "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy": ["policy"],
  "aws:redshift/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:redshiftserverless/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:s3/accessPoint:AccessPoint": ["policy"],
  "aws:s3/bucket:Bucket": ["policy"],
  "aws:s3/bucketPolicy:BucketPolicy": ["policy"],
  "aws:s3/bucketV2:BucketV2": ["policy"],
  "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy": ["policy"],
  "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": ["policy"],
  "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy": ["policy"],
  "aws:s3control/accessPointPolicy:AccessPointPolicy": ["policy"],
  "aws:s3control/bucketPolicy:BucketPolicy": ["policy"],
  "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": ["details.policy"],
  "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": ["policy"],
  "aws:s3tables/tableBucketPolicy:TableBucketPolicy": ["resourcePolicy"],
  "aws:s3tables/tablePolicy:TablePolicy": ["resourcePolicy"],
  "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": ["resourcePolicy"],
  "aws:schemas/registryPolicy:RegistryPolicy": ["policy"],
  "aws:secretsmanager/secret:Secret": ["policy"],
  "aws:secretsmanager/secretPolicy:SecretPolicy": ["policy"],
  "aws:ses/identityPolicy:IdentityPolicy": ["policy"],
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": ["policy"],
  "aws:sns/topic:Topic": ["policy"],
  "aws:sns/topicPolicy:TopicPolicy": ["policy"],
  "aws:sqs/queue:Queue": ["policy"],
  "aws:sqs/queuePolicy:QueuePolicy": ["policy"],
  "aws:vpclattice/authPolicy:AuthPolicy": ["policy"],
  "aws:vpclattice/resourcePolicy:ResourcePolicy": ["policy"],
  "aws:xray/resourcePolicy:ResourcePolicy": ["policyDocument"],
};

const anybody =
  "write the accounts or roles that are meant, or add a Condition such as StringEquals aws:PrincipalOrgID";
const service = "add a Condition such as ArnLike aws:SourceArn or StringEquals aws:SourceAccount";

const resourcePolicySource: ResourceRule = {
  name: "resource-policy-source",
  description: "Policies of resources name accounts, roles or sources, not anybody or a whole service.",
  severity: "high",
  practice: "SEC03-BP07",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  remediationSteps:
    "Write the accounts or roles that need the resource. Where a service needs it, add a Condition on aws:SourceArn or " +
    "aws:SourceAccount, so that it cannot be used on behalf of others.",
  checkResource: (subject) =>
    (resourceDocuments[subject.type] ?? []).flatMap((path) => {
      const { statements, denials, problems } = documentsAt(subject.props, path);
      const outsiders = unless(
        () => isGuarded(subject),
        () => statements.flatMap((statement) => outsidersOf(statement, denials, { anybody, service })),
      );
      return [...problems, ...outsiders];
    }),
};

/**
 * A search domain in a VPC is guarded by its security groups, and one with users of its own by those.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html, "Key concepts"
 */
function isGuarded({ type, props }: Subject): boolean {
  if (!/^aws:(open|elastic)search\/domain:Domain$/.test(type)) return false;
  return anyOf(
    () => isGiven(props, "vpcOptions"),
    () => holds(props, "advancedSecurityOptions.enabled", (value) => value === true),
  );
}

/** Paths of what shares a resource without a document, by resource type. */
export const shares: Record<string, string> = {
  "aws:cloudwatch/eventPermission:EventPermission": "principal",
  "aws:ec2/amiLaunchPermission:AmiLaunchPermission": "group",
  "aws:lambda/layerVersionPermission:LayerVersionPermission": "principal",
  "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": "sharedAccounts[]",
  "aws:rds/clusterSnapshot:ClusterSnapshot": "sharedAccounts[]",
  "aws:rds/snapshotCopy:SnapshotCopy": "sharedAccounts[]",
  "aws:rds/snapshot:Snapshot": "sharedAccounts[]",
  "aws:s3/bucket:Bucket": "acl",
  "aws:s3/bucketAcl:BucketAcl": "acl",
  "aws:s3/bucketAclV2:BucketAclV2": "acl",
  "aws:s3/bucketV2:BucketV2": "acl",
  "aws:ssm/document:Document": "permissions.accountIds",
};

const publicShare: ResourceRule = {
  name: "public-share",
  description: "Images, snapshots, layers, documents, buckets and event buses are not shared with anybody.",
  severity: "high",
  practice: "SEC03-BP07",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
  remediationSteps: "Write the accounts that need the resource, or limit it to the organization.",
  checkResource: byPath(shares, (props, path) =>
    unless(
      () => anyOf(...["organizationId", "condition"].map((limit) => () => isGiven(props, limit))),
      () =>
        demand(props, path, {
          type: "string",
          isRight: (value) => !/^(\*|all|public-read(-write)?|authenticated-read)$/i.test(value),
          instead: "write the accounts that are meant, because this shares it with anybody",
          mayBeMissing: true,
        }),
    ),
  ),
};

export const resourcePolicyRules = [resourcePolicySource, publicShare];
