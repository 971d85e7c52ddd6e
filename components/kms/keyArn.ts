/**
 * A key whose use IAM must allow: services also accept its other names, but IAM only its ARN.
 * @pattern `^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$`
 * @write a key's full ARN, arn:aws:kms:REGION:ACCOUNT:key/ID, neither an id nor an alias
 */
export type KmsKeyArn = string;
