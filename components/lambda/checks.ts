import { knownAccess } from "../access";
import { checkFile } from "../files";
import { below, type Mistakes } from "../validation";
import type { AliasArgs, LambdaFunctionArgs } from "./args";
import { Architecture } from "./args";
import { checkEvents } from "./events/checks";
import { checkModes, chosen } from "./modeChecks";
import { environmentLimit, environmentSize, nameMistake } from "./rules/environment";
import { defaultTimeout, limitsOf } from "./rules/limits";
import { type UrlArgs, UrlAuth } from "./urlArgs";

const wiredUp: Record<string, string> = {
  architectures: "`architecture`",
  code: "`entry` or `code`",
  environment: "`environment`",
  fileSystemConfig: "`fileSystem`",
  handler: "`handler`",
  layers: "`layers`",
  loggingConfig: "`logLevel` and `logRetentionDays`",
  publish: "`alias`",
  role: "`access` and `permissionsBoundary`",
  vpcConfig: "`vpc`",
};

/** Adds every mistake in a function's arguments. */
export function checkFunction(mistakes: Mistakes, args: LambdaFunctionArgs, name: string): void {
  mistakes.componentName(name, 64, /^[\w-]+$/, "letters, digits, `_` and `-`");
  checkCode(mistakes, args);
  checkLimits(mistakes, args);
  checkEnvironment(mistakes, args);
  checkLayers(mistakes, args);
  if (args.alias) checkAlias(mistakes, args.alias, args.reservedConcurrency);
  if (args.url) checkUrl(mistakes, args.url);
  if (args.events) checkEvents(mistakes, args.events, name, { timeout: args.timeout ?? defaultTimeout });
  checkModes(mistakes, args, name);
  const reached = args.fileSystem === undefined || args.vpc !== undefined || chosen(args, "capacity") !== undefined;
  mistakes.check(reached, "fileSystem", "needs `vpc`: the file system is reached through one");
  for (const key of Object.keys(args.functionArgs ?? {})) {
    const instead = wiredUp[key];
    if (instead) mistakes.add(`functionArgs.${key}`, `write the component's ${instead} instead`);
  }
}

function checkCode(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  const { entry, code, bundle, handler, runtime } = args;
  if (entry !== undefined && code !== undefined)
    mistakes.add("code", "cannot be combined with `entry`; write one of them");
  if (entry === undefined && code === undefined) {
    mistakes.add("entry", "is missing; write the handler's source file, or `code` for an archive that is ready to run");
  }
  if (entry !== undefined) checkFile(mistakes, entry, "entry");
  const node = entry === undefined || runtime === undefined || runtime.startsWith("nodejs");
  mistakes.check(node, "runtime", `is "${runtime}", which does not run \`entry\`; write \`code\` and \`handler\``);
  if (bundle && entry === undefined)
    mistakes.add("bundle", "does nothing without `entry`; write the source file there");
  if (handler !== undefined) {
    const valid = entry === undefined ? /^.+\..+$/.test(handler) : /^index\.\w+$/.test(handler);
    const wanted = entry === undefined ? "file.export" : "index.export, as the bundle is index.js";
    mistakes.check(valid, "handler", `is "${handler}"; write ${wanted}`);
  }
}

function checkLimits(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  const { memorySize, timeout } = limitsOf(chosen(args, "capacity") !== undefined);
  const atMost = (property: "memorySize" | "timeout", least: number, { most, unit }: typeof timeout) => {
    const value = args[property];
    if (typeof value === "number") mistakes.range(value, property, least, most, unit);
  };
  atMost("memorySize", 128, memorySize);
  atMost("timeout", 1, timeout);
}

function checkEnvironment(mistakes: Mistakes, { environment = {}, access = [] }: LambdaFunctionArgs): void {
  const given = new Map<string, string>();
  const check = (variables: Record<string, unknown>, path: string, hint: string) => {
    for (const name of Object.keys(variables)) {
      const mistake = nameMistake(name);
      if (mistake) mistakes.add(below(path, name), mistake);
      const other = given.get(name);
      if (other) mistakes.add(below(path, name), `is already given by ${other}; ${hint}`);
      given.set(name, path);
    }
  };
  check(environment, "environment", "");
  const sources = access.map((one) => knownAccess(one).environment);
  for (const [index, variables] of sources.entries()) {
    check(variables, `access[${index}].environment`, "write another `environmentName` in one of the `access()` calls");
  }
  const size = environmentSize(Object.assign({}, environment, ...sources));
  mistakes.check(
    size <= environmentLimit,
    "environment",
    `has ${size} bytes; Lambda allows ${environmentLimit}: keep large values in S3 or Parameter Store and pass their names`,
  );
}

function checkLayers(mistakes: Mistakes, { layers = [], architecture = Architecture.Arm64 }: LambdaFunctionArgs): void {
  for (const [index, { compatibleArchitectures }] of layers.entries()) {
    const mistake = layerMistake(compatibleArchitectures, architecture);
    if (mistake) mistakes.from("architecture").add(`layers[${index}]`, mistake);
  }
}

/** Why a layer does not fit the function's architecture, as far as the layer's are known. */
export function layerMistake(compatible: unknown, architecture: string): string | undefined {
  if (!Array.isArray(compatible) || compatible.length === 0 || compatible.includes(architecture)) return undefined;
  if (!compatible.every((one) => typeof one === "string")) return undefined;
  return (
    `is built for ${compatible.join(", ")}, but the function runs on ${architecture}; use the layer's ` +
    `${architecture} version`
  );
}

function checkAlias(mistakes: Mistakes, { provisionedConcurrency, routing }: AliasArgs, reserved?: number): void {
  if (reserved !== undefined) {
    const limited = mistakes.from("reservedConcurrency");
    const unit = "environments, as `reservedConcurrency` is the limit";
    limited.range(provisionedConcurrency, "alias.provisionedConcurrency", 1, reserved, unit);
  }
  const versions = Object.keys(routing ?? {});
  const warm = versions.length > 0 && provisionedConcurrency !== undefined;
  // "Alias with weights can not be used with Provisioned Concurrency"; https://github.com/hashicorp/terraform/issues/24957
  mistakes.check(!warm, "alias.routing", "cannot be combined with `provisionedConcurrency`; leave out one of them");
  for (const version of versions) {
    mistakes.check(/^\d+$/.test(version), below("alias.routing", version), "is not a version; write its number");
  }
}

function checkUrl(mistakes: Mistakes, { auth, cors }: UrlArgs): void {
  const open = auth === UrlAuth.None && cors?.allowOrigins.includes("*");
  mistakes.check(!open, "url.cors.allowOrigins", 'has "*" on a URL open to anybody; write the origins of your pages');
}
