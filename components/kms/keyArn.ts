/**
 * A key, where IAM must allow its use: services take other names of it too, but IAM takes its ARN only.
 * @pattern `^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$`
 * @write a key's whole ARN, arn:aws:kms:REGION:ACCOUNT:key/ID, neither an id nor an alias
 */
export type KmsKeyArn = string;
