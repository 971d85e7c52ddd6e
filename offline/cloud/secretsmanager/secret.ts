import { randomUUID } from "node:crypto";
import { AwsError } from "../core/awsError";
import { asNumber, asStrings, asText, asTexts, type PlainResource } from "../core/resources";

/** One of both. */
export type SecretValue = { SecretString?: string; SecretBinary?: Buffer };

export interface Version {
  id: string;
  value: SecretValue;
  /** Such as AWSCURRENT; without any, a version is deprecated. */
  stages: Set<string>;
  createdAt: number;
}

/** A version as the program declares it. */
interface VersionDefinition {
  urn: string;
  value: SecretValue;
  stages: string[];
  /** Of a write-only value: another value counts once this changes. */
  writeOnlyVersion?: number;
}

/** What the program says of a secret and of its versions, in the order in which they are made. */
export interface SecretDefinition {
  arn: string;
  name: string;
  description?: string;
  kmsKeyId?: string;
  tags: Record<string, string>;
  versions: VersionDefinition[];
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
  /** The versions that stand for the program's, by URN. */
  private readonly declared = new Map<string, Version>();

  constructor(public definition: SecretDefinition) {
    for (const version of definition.versions) this.declare(version);
  }

  /** Takes over those of the program's versions that the program has changed: what was put since then stays otherwise. */
  reconcile(definition: SecretDefinition): void {
    const old = new Map(this.definition.versions.map((one) => [one.urn, one]));
    this.definition = definition;
    for (const next of definition.versions) {
      const known = old.get(next.urn);
      const version = this.declared.get(next.urn);
      if (!known || !version || JSON.stringify(known.value) !== JSON.stringify(next.value)) this.declare(next);
      else this.relabel(version, known.stages, next.stages);
      old.delete(next.urn);
    }
    for (const { urn, stages } of old.values()) {
      const version = this.declared.get(urn);
      if (version) this.relabel(version, stages, []);
      this.declared.delete(urn);
    }
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

  private declare({ urn, value, stages }: VersionDefinition): void {
    this.declared.set(urn, this.put(value, undefined, stages));
  }

  /** Moves the stages that are new. Those that are gone leave the version, but a secret always has a current one. */
  private relabel(version: Version, before: string[], after: string[]): void {
    for (const stage of before) if (stage !== CURRENT && !after.includes(stage)) version.stages.delete(stage);
    for (const stage of after) if (!before.includes(stage)) this.move(stage, version);
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

/** @param versions the program's versions of the secret */
export function readSecret({ name, settings }: PlainResource, versions: PlainResource[]): SecretDefinition {
  return {
    arn: asText(settings.arn) ?? "",
    name: asText(settings.name) ?? name,
    description: asText(settings.description) || undefined,
    kmsKeyId: asText(settings.kmsKeyId) || undefined,
    tags: asStrings(settings.tagsAll ?? settings.tags),
    versions: versions.flatMap((version) => readVersion(version) ?? []),
  };
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/secretsmanager/secretversion/ */
function readVersion({ urn, settings }: PlainResource): VersionDefinition | undefined {
  const writeOnly = asText(settings.secretStringWo);
  const text = asText(settings.secretString) || writeOnly;
  const bytes = asText(settings.secretBinary);
  if (!text && !bytes) return undefined;
  const stages = asTexts(settings.versionStages);
  return {
    urn,
    value: text ? { SecretString: text } : { SecretBinary: Buffer.from(bytes ?? "", "base64") },
    stages: stages.length > 0 ? stages : [CURRENT],
    ...(writeOnly && { writeOnlyVersion: asNumber(settings.secretStringWoVersion) ?? 0 }),
  };
}

/** The next definition with the value that a write-only version already has: another one counts with another number. */
export function keepWriteOnly(next: SecretDefinition, known: SecretDefinition | undefined): SecretDefinition {
  const versions = next.versions.map((version) => {
    const same = known?.versions.find(({ urn }) => urn === version.urn);
    const isKept = version.writeOnlyVersion !== undefined && same?.writeOnlyVersion === version.writeOnlyVersion;
    return isKept ? { ...version, value: same.value } : version;
  });
  return { ...next, versions };
}
