import { AwsError } from "../core/awsError";

/** For errors whose status is not 400. @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES: Record<string, number> = {
  SignatureDoesNotMatch: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  MissingContentLength: 411,
  PreconditionFailed: 412,
  InvalidRange: 416,
  NotEmulated: 501,
};

export function s3Error(code: string, message: string): AwsError {
  return new AwsError(code, message, STATUSES[code]);
}
