import type { Action, Check, Corrections } from "../correction";
import { dynamoError, validationError } from "../errors";

interface TaggedInput {
  ResourceArn?: string;
  Tags?: Tag[];
}

export interface Tag {
  Key?: string;
  Value?: string;
}

const MOST_TAGS = 50;

/** @throws AwsError AccessDeniedException for a table of another account */
const checkArn =
  (operation: string): Check<TaggedInput> =>
  ({ ResourceArn: arn }, { tableDb }) => {
    if (arn === undefined) return undefined;
    if (!arn.startsWith("arn:"))
      return `One or more parameter values were invalid: ARNs must start with 'arn:': ${arn}`;
    const [, account] = /^arn:[^:]+:dynamodb:[^:]*:(\d+):table\//.exec(arn) ?? [];
    if (!account || account === tableDb.awsAccountId) return undefined;
    const message = `User: arn:aws:iam::${tableDb.awsAccountId}:user/offline is not authorized to perform: dynamodb:${operation} on resource: ${arn}`;
    throw dynamoError(400, { __type: "com.amazon.coral.service#AccessDeniedException", message });
  };

/** Why these tags cannot be given to a table that has others already. */
export function tagsRefusal(tags: readonly Tag[], present: ReadonlySet<string> = new Set()): string | undefined {
  const keys = new Set<string>();
  for (const { Key: key = "", Value: value } of tags) {
    if (key.length < 1 || key.length > 128) return `The Tag Key provided is invalid, Key: ${key}`;
    if (/^aws:/i.test(key)) return `Tag Key cannot be prefixed with aws:, Key: ${key}`;
    if (value === undefined || value.length > 256) return `The Tag Value provided is invalid, Value: ${value ?? null}`;
    if (keys.has(key)) return `Duplicate Tag Keys provided as input: Duplicate Tag Key found ${key}`;
    keys.add(key);
  }
  return new Set([...keys, ...present]).size > MOST_TAGS
    ? "Number of Tags exceed the current limit for the provided ResourceArn"
    : undefined;
}

/** @throws AwsError ValidationException for tags that the table cannot have */
const checkTags =
  (next: Action): Action =>
  async (transaction, data) => {
    const { ResourceArn = "", Tags = [] } = data as TaggedInput;
    const refusal = tagsRefusal(Tags, new Set((await transaction.tags(ResourceArn.split("/").pop() ?? "")).keys()));
    if (refusal) throw validationError(refusal);
    return next(transaction, data);
  };

export const TAGS: Corrections = {
  ListTagsOfResource: { check: checkArn("ListTagsOfResource") },
  TagResource: { check: checkArn("TagResource"), effect: checkTags },
  UntagResource: { check: checkArn("UntagResource") },
};
