/** A complete release label. @pattern `^emr-(?:spark-)?\d+\.\d+\.\d+$` @write a complete one, such as emr-7.10.0 */
export type ReleaseLabel = string;

/** A bucket or a folder. @pattern `^s3:\/\/[a-z0-9][a-z0-9.-]+(?:\/.*)?$` @write an address in S3, s3://BUCKET/PREFIX/ */
export type S3Folder = string;

/** A file in S3. @pattern `^s3:\/\/[a-z0-9][a-z0-9.-]+\/.+$` @write the address of a file in S3, s3://BUCKET/FILE */
export type S3File = string;

/** A permissions boundary. @pattern `^arn:[\w-]+:iam::` @write a policy's ARN, arn:aws:iam::ACCOUNT:policy/NAME */
export type BoundaryArn = string;
