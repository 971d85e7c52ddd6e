import { AwsError } from "../core/awsError";

/** The codes that S3 answers with here, and their status. @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES = {
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InvalidArgument: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  XAmzContentSHA256Mismatch: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  SignatureDoesNotMatch: 403,
  MissingContentLength: 411,
  PreconditionFailed: 412,
  InvalidRange: 416,
  NotEmulated: 501,
};

export function s3Error(code: keyof typeof STATUSES, message: string): AwsError {
  return new AwsError(code, message, STATUSES[code]);
}
