import { AwsError } from "../core/awsError";
import type { Condition } from "./bucket";
import type { ObjectInfo } from "./properties";

/** The conditions of a write, as S3 has them. */
export type Conditions = { IfMatch?: string; IfNoneMatch?: string };

/** The condition of a write to a key. */
export function writeCondition(key: string, { IfMatch, IfNoneMatch }: Conditions): Condition {
  if (IfNoneMatch && IfNoneMatch !== "*") {
    throw new AwsError("NotImplemented", "If-None-Match of a write must be *, as in S3", 501);
  }
  return (present) => {
    if (IfMatch && !present) missing(key);
    const failed = (IfMatch && present && !matches(IfMatch, present.etag)) || (IfNoneMatch && present);
    if (failed) throw preconditionFailed();
  };
}

/**
 * The status that the conditions of a read lead to instead of the object. The ETag takes precedence over the time.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function outcomeOf(headers: Record<string, unknown>, { etag, modified }: ObjectInfo): 304 | 412 | undefined {
  const value = (name: string) => String(headers[name] ?? "");
  // HTTP dates have no fractions of a second.
  const time = Math.floor(modified.getTime() / 1000) * 1000;
  const ifMatch = value("if-match");
  const ifNoneMatch = value("if-none-match");
  if (ifMatch ? !matches(ifMatch, etag) : time > Date.parse(value("if-unmodified-since"))) return 412;
  if (ifNoneMatch ? matches(ifNoneMatch, etag) : time <= Date.parse(value("if-modified-since"))) return 304;
  return undefined;
}

export function matches(etags: string, etag: string): boolean {
  const plain = (text: string) => text.trim().replace(/^(?:W\/)?"?(.*?)"?$/, "$1");
  return etags.split(",").some((one) => plain(one) === "*" || plain(one) === plain(etag));
}

/** @throws AwsError always: the object does not exist */
export function missing(key: string): never {
  throw new AwsError("NoSuchKey", `The specified key does not exist: ${key}`, 404, { Key: key });
}

export function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
}
