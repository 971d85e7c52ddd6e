import { randomUUID } from "node:crypto";
import { AwsError } from "../core/awsError";
import { asStrings, asText, type PlainResource } from "../core/resources";

/** One of both. */
export type SecretValue = { SecretString?: string; SecretBinary?: Buffer };

export interface Version {
  id: string;
  value: SecretValue;
  /** Such as AWSCURRENT; without any, a version is deprecated. */
  stages: Set<string>;
  createdAt: number;
}

/** What the program says of a secret; its value is that of its newest version. */
export interface SecretDefinition {
  arn: string;
  name: string;
  description?: string;
  kmsKeyId?: string;
  tags: Record<string, string>;
  value?: SecretValue;
}

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";
/** As Secrets Manager, which deletes older deprecated versions. */
const KEPT_VERSIONS = 100;

/** A secret with its versions, in the order in which they were made. */
export class Secret {
  readonly createdAt = Date.now();
  changedAt = this.createdAt;
  accessedAt: number | undefined;
  versions: Version[] = [];

  constructor(public definition: SecretDefinition) {
    if (definition.value) this.put(definition.value);
  }

  /** Takes over the program's value if the program has changed it: what was put since then stays otherwise. */
  reconcile(definition: SecretDefinition): void {
    const changed = JSON.stringify(definition.value) !== JSON.stringify(this.definition.value);
    this.definition = definition;
    if (changed && definition.value) this.put(definition.value);
  }

  /**
   * Adds a version. The stage AWSCURRENT leaves AWSPREVIOUS behind.
   * @param id a token of the caller's; the same again does nothing
   * @throws AwsError if a version with that id has another value
   */
  put(value: SecretValue, id: string = randomUUID(), stages = [CURRENT]): Version {
    const known = this.versions.find((version) => version.id === id);
    if (known && JSON.stringify(known.value) === JSON.stringify(value)) return known;
    if (known) {
      const message = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${this.definition.arn}.`;
      throw new AwsError("ResourceExistsException", message);
    }
    const version: Version = { id, value, stages: new Set(), createdAt: Date.now() };
    this.versions.push(version);
    // The first version is always the current one.
    for (const stage of new Set(this.versions.length === 1 ? [...stages, CURRENT] : stages)) this.move(stage, version);
    this.changedAt = version.createdAt;
    this.forget();
    return version;
  }

  /** The version with that id and stage, of which one may be missing. @throws AwsError if there is none */
  find(id: string | undefined, stage: string | undefined): Version {
    const wanted = stage ?? (id === undefined ? CURRENT : undefined);
    const version = this.versions.find((one) => (id === undefined ? wanted && one.stages.has(wanted) : one.id === id));
    if (!version) {
      const which = id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`;
      throw notFound(`Secrets Manager can't find the specified secret value for ${which}`);
    }
    if (wanted !== undefined && !version.stages.has(wanted)) {
      const message = "You provided a VersionStage that is not associated to the provided VersionId.";
      throw new AwsError("InvalidRequestException", message);
    }
    this.accessedAt = Date.now();
    return version;
  }

  private move(stage: string, to: Version): void {
    const from = this.versions.find(({ stages }) => stages.has(stage));
    from?.stages.delete(stage);
    to.stages.add(stage);
    if (stage === CURRENT && from) this.move(PREVIOUS, from);
  }

  private forget(): void {
    const deprecated = this.versions.filter(({ stages }) => stages.size === 0);
    const old = new Set(deprecated.slice(0, Math.max(this.versions.length - KEPT_VERSIONS, 0)));
    this.versions = this.versions.filter((version) => !old.has(version));
  }
}

export function notFound(message = "Secrets Manager can't find the specified secret."): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}

/** @param version the program's version of the secret */
export function readSecret({ name, settings }: PlainResource, version: PlainResource | undefined): SecretDefinition {
  const { secretString, secretBinary } = version?.settings ?? {};
  const text = asText(secretString);
  const bytes = asText(secretBinary);
  return {
    arn: asText(settings.arn) ?? "",
    name: asText(settings.name) ?? name,
    description: asText(settings.description) || undefined,
    kmsKeyId: asText(settings.kmsKeyId) || undefined,
    tags: asStrings(settings.tagsAll ?? settings.tags),
    ...(text && { value: { SecretString: text } }),
    ...(!text && bytes && { value: { SecretBinary: Buffer.from(bytes, "base64") } }),
  };
}
