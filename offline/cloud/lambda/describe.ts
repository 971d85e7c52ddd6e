import { asMap, asNumber, asStrings, asText, asTexts, isGiven, isMap, type Settings } from "../core/resources";
import type { FunctionModel } from "./model";

/** What a description is made of. */
export interface Described {
  model: FunctionModel;
  settings: Settings;
  /** The version or alias that was asked for. */
  qualifier?: string;
}

/**
 * What ListFunctions says about a function. What only a deployment knows is left out, such as the revision.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export function describeFunction({ model, settings, qualifier }: Described): Settings {
  const { name: FunctionName, arn, logGroup: LogGroup, memorySize: MemorySize, timeout: Timeout, environment } = model;
  const given = capitalized(settings);
  const Layers = asTexts(settings.layers).map((Arn) => ({ Arn }));
  return {
    Description: "",
    PackageType: "Zip",
    ...given,
    FunctionName,
    FunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    Version: versionOf(model, qualifier),
    MemorySize,
    Timeout,
    Architectures: asTexts(settings.architectures).length > 0 ? settings.architectures : ["x86_64"],
    CodeSha256: given.CodeSha256 || undefined,
    CodeSize: asNumber(settings.sourceCodeSize) || undefined,
    Environment: isGiven(settings.environment) ? { Variables: environment } : undefined,
    EphemeralStorage: { Size: 512, ...asMap(given.EphemeralStorage) },
    FileSystemConfigs: given.FileSystemConfig && [given.FileSystemConfig],
    ImageConfigResponse: given.ImageConfig && { ImageConfig: describeImageConfig(asMap(given.ImageConfig)) },
    KMSKeyArn: given.KmsKeyArn,
    Layers: Layers.length > 0 ? Layers : undefined,
    LoggingConfig: { LogFormat: "Text", LogGroup, ...asMap(given.LoggingConfig) },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off", ...asMap(given.SnapStart) },
    TracingConfig: { Mode: "PassThrough", ...asMap(given.TracingConfig) },
    // Of code that is signed; offline, they are made up.
    SigningJobArn: undefined,
    SigningProfileVersionArn: undefined,
  };
}

function describeImageConfig({ Commands: Command, EntryPoints: EntryPoint, WorkingDirectory }: Settings): Settings {
  return { Command, EntryPoint, WorkingDirectory };
}

/** What GetFunctionConfiguration says about a function: besides, that it is ready. */
export function describeConfiguration(described: Described): Settings {
  return { ...describeFunction(described), State: "Active", LastUpdateStatus: "Successful" };
}

/**
 * What GetFunction says about a function. There is no address to download the code of an archive from.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export function describeWhole(described: Described): Settings {
  const { model, settings } = described;
  const ImageUri = asText(settings.imageUri);
  const tags = tagsOf(settings);
  return {
    Configuration: describeConfiguration(described),
    Code: ImageUri ? { RepositoryType: "ECR", ImageUri } : { RepositoryType: "S3" },
    Tags: isGiven(tags) ? tags : undefined,
    ...(model.reservedConcurrency !== undefined && { Concurrency: describeConcurrency(model) }),
  };
}

export function describeConcurrency({ reservedConcurrency }: FunctionModel): Settings {
  return { ReservedConcurrentExecutions: reservedConcurrency };
}

export function tagsOf({ tags, tagsAll }: Settings): Record<string, string> {
  return { ...asStrings(tags), ...asStrings(tagsAll) };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html */
export function describeAlias(settings: Settings, AliasArn: string): Settings {
  return { Description: "", ...capitalized(settings), AliasArn };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionEventInvokeConfig.html */
export function describeEventSettings(settings: Settings, FunctionArn: string): Settings {
  const given = capitalized(settings);
  const DestinationConfig = { OnFailure: {}, OnSuccess: {}, ...asMap(given.DestinationConfig) };
  return { ...given, DestinationConfig, FunctionArn };
}

/**
 * @param FunctionUrl where it is served
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html
 */
export function describeUrl(settings: Settings, FunctionArn: string, FunctionUrl: string | undefined): Settings {
  const { authorizationType: AuthType } = settings;
  return { InvokeMode: "BUFFERED", ...capitalized(settings), AuthType, FunctionArn, FunctionUrl };
}

/** The versions of a function that are known here, oldest first. */
export function versionsOf({ model, settings }: Described): string[] {
  const routed = Object.values(model.aliases).flatMap(({ version, weights }) => [version, ...Object.keys(weights)]);
  const all = new Set([...routed, ...(model.publishes ? [asText(settings.version) ?? "1"] : [])]);
  return ["$LATEST", ...[...all].filter((version) => version !== "$LATEST").sort((a, b) => Number(a) - Number(b))];
}

function versionOf({ aliases }: FunctionModel, qualifier = "$LATEST"): string {
  return (Object.hasOwn(aliases, qualifier) ? aliases[qualifier]?.version : undefined) ?? qualifier;
}

/** Settings under the names that the API has for them, without those that were omitted. */
function capitalized(settings: Settings): Settings {
  const given = Object.entries(settings).filter(([, value]) => !isMap(value) || isGiven(value));
  return Object.fromEntries(
    given.map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), renamed(value)]),
  );
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  return isMap(value) ? capitalized(value) : value;
}
