/** Properties of the provider that are called policies, but give nobody outside a right. */
export const otherDocuments: string[] = [
  // What the holder of an identity may do: `iam-least-privilege` judges IAM's own.
  "aws:eks/podIdentityAssociation:PodIdentityAssociation policy",
  "aws:iam/groupPolicy:GroupPolicy policy",
  "aws:iam/policy:Policy policy",
  "aws:iam/role:Role inlinePolicies[].policy",
  "aws:iam/rolePolicy:RolePolicy policy",
  "aws:iam/userPolicy:UserPolicy policy",
  "aws:iot/policy:Policy policy",
  "aws:iot/policyAttachment:PolicyAttachment policy",
  "aws:transfer/access:Access policy",
  "aws:transfer/user:User policy",
  // They only limit what is allowed elsewhere.
  "aws:ec2/vpcEndpoint:VpcEndpoint policy",
  "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy policy",
  // Written in other languages than IAM's.
  "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy policy",
  "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy policy",
  "aws:verifiedaccess/endpoint:Endpoint policyDocument",
  "aws:verifiedaccess/group:Group policyDocument",
  // About the life of data, networks and mail, not about access.
  "aws:cloudwatch/logAccountPolicy:LogAccountPolicy policyDocument",
  "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy policyDocument",
  "aws:cloudwatch/logIndexPolicy:LogIndexPolicy policyDocument",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy policy",
  "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment policyDocument",
  "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy policy",
  "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy policy",
  "aws:ses/receiptFilter:ReceiptFilter policy",
  "aws:sns/dataProtectionPolicy:DataProtectionPolicy policy",
];
