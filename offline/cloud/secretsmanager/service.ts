import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { listTags } from "../core/tags";
import { chosen, type Filter } from "./filters";
import type { Secret, SecretValue, Version } from "./secret";
import type { Secrets } from "./secrets";

type SecretInput = { SecretId: string };
type ValueInput = SecretInput & SecretValue & { ClientRequestToken?: string };
type Chosen = { Filters?: Filter[]; SortOrder?: string; SortBy?: string };
type Batch = Chosen & { SecretIdList?: string[]; MaxResults?: number };

/**
 * AWS Secrets Manager with the program's secrets, which begin with the program's values.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
 */
export const secretsManager = defineService<Secrets>("secretsmanager", {
  GetSecretValue: (secrets, input: SecretInput & { VersionId?: string; VersionStage?: string }) => {
    const secret = secrets.find(input.SecretId);
    return showValue(secret, secret.find(input.VersionId, input.VersionStage));
  },
  BatchGetSecretValue: batchGetSecretValue,
  DescribeSecret: (secrets, { SecretId }: SecretInput) => {
    const secret = secrets.find(SecretId);
    return { ...describe(secret), VersionIdsToStages: stagesOf(secret) };
  },
  ListSecrets: (secrets, input: Chosen, { page }) =>
    page(chosen(secrets.all, input), {
      show: (secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) }),
    }),
  ListSecretVersionIds: (secrets, input: SecretInput & { IncludeDeprecated?: boolean }, { page }) => {
    const secret = secrets.find(input.SecretId);
    const versions = secret.versions.filter(({ stages }) => input.IncludeDeprecated || stages.size > 0);
    return { ...nameOf(secret), ...page(versions, { show: showVersion }) };
  },
  PutSecretValue: (secrets, input: ValueInput & { VersionStages?: string[] }) => {
    const secret = secrets.find(input.SecretId);
    const value = valueIn(input);
    if (!value) throw invalid("You must provide either SecretString or SecretBinary.");
    const version = secret.put(value, input.ClientRequestToken, input.VersionStages);
    return { ...nameOf(secret), VersionId: version.id, VersionStages: [...version.stages] };
  },
  UpdateSecret: (secrets, input: ValueInput & { Description?: string; KmsKeyId?: string }) => {
    const secret = secrets.find(input.SecretId);
    const value = valueIn(input);
    const { Description: description = secret.definition.description, KmsKeyId = secret.definition.kmsKeyId } = input;
    secret.definition = { ...secret.definition, description, kmsKeyId: KmsKeyId };
    return { ...nameOf(secret), VersionId: value && secret.put(value, input.ClientRequestToken).id };
  },
});

function valueIn({ SecretString, SecretBinary }: SecretValue): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalid("You can't specify both a binary secret value and a string secret value in the same secret.");
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary && { SecretBinary };
}

function batchGetSecretValue(secrets: Secrets, input: Batch, { page }: OperationCall): object {
  const { SecretIdList, Filters, MaxResults } = input;
  if ((SecretIdList === undefined) === (Filters === undefined)) {
    throw invalid("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  }
  if (MaxResults !== undefined && !Filters) {
    throw invalid("'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.");
  }
  const Errors: object[] = [];
  const ids = SecretIdList ?? chosen(secrets.all, input).map(({ definition }) => definition.arn);
  const values = ids.flatMap((SecretId) => {
    try {
      const secret = secrets.find(SecretId);
      return [showValue(secret, secret.find(undefined, undefined))];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
      return [];
    }
  });
  return { ...page(values), Errors };
}

function nameOf({ definition }: Secret): { ARN: string; Name: string } {
  return { ARN: definition.arn, Name: definition.name };
}

function showValue(secret: Secret, version: Version): object {
  return { ...nameOf(secret), ...version.value, ...showVersion(version) };
}

function showVersion({ id, stages, createdAt }: Version): object {
  return { VersionId: id, VersionStages: [...stages], CreatedDate: createdAt };
}

function describe(secret: Secret): object {
  const { description, kmsKeyId, tags } = secret.definition;
  return {
    ...nameOf(secret),
    Description: description,
    KmsKeyId: kmsKeyId,
    LastChangedDate: secret.changedAt,
    // Only the day is shown.
    LastAccessedDate: secret.accessedAt && new Date(secret.accessedAt).setUTCHours(0, 0, 0, 0),
    Tags: listTags(tags),
    CreatedDate: secret.createdAt,
  };
}

function stagesOf({ versions }: Secret): Record<string, string[]> {
  const staged = versions.filter(({ stages }) => stages.size > 0);
  return Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]]));
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
