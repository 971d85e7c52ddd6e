import { statSync } from "node:fs";
import * as path from "node:path";
import { retentionMistake } from "../observability/rules/retention";
import { listOf, type Mistakes } from "../validation";
import type { AliasArgs, LambdaFunctionArgs, UrlArgs } from "./args";
import { Architecture, LogLevel, UrlAuth } from "./args";
import { environmentLimit, environmentSize, nameMistake } from "./rules/environment";

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

/** Every mistake in a function's arguments. */
export function checkFunction(mistakes: Mistakes, args: LambdaFunctionArgs, name: string): void {
  mistakes.componentName(name, 64, /^[\w-]+$/, "letters, digits, `_` and `-`");
  checkCode(mistakes, args);
  checkEnvironment(mistakes, args);
  checkLimits(mistakes, args);
  checkLayers(mistakes, args);
  if (args.alias) checkAlias(mistakes, args.alias, args.reservedConcurrency);
  if (args.url) checkUrl(mistakes, args.url);
  if (args.fileSystem) {
    const { mountPath } = args.fileSystem;
    mistakes.check(args.vpc !== undefined, "fileSystem", "needs `vpc`: the file system is reached through one");
    const valid = /^\/mnt\/[\w.-]+$/.test(mountPath);
    mistakes.check(valid, "fileSystem.mountPath", `is "${mountPath}"; write /mnt/ and a name`);
  }
  for (const key of Object.keys(args.functionArgs ?? {})) {
    const instead = wiredUp[key];
    if (instead) mistakes.add(`functionArgs.${key}`, `write ${instead} of the component instead`);
  }
}

function checkCode(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  const { entry, code, bundle, handler, runtime, architecture } = args;
  if (entry !== undefined && code !== undefined) mistakes.add("code", "is there beside `entry`; write one of them");
  if (entry === undefined && code === undefined) {
    mistakes.add("entry", "is missing; write the handler's source file, or `code` for an archive that is ready to run");
  }
  if (entry !== undefined) {
    const file = path.resolve(entry);
    mistakes.check(
      statSync(file, { throwIfNoEntry: false })?.isFile() === true,
      "entry",
      `there is no file ${file}; write a path relative to the program's folder`,
    );
  }
  const node = entry === undefined || runtime === undefined || runtime.startsWith("nodejs");
  mistakes.check(node, "runtime", `is "${runtime}", which does not run \`entry\`; write \`code\` and \`handler\``);
  if (bundle && entry === undefined)
    mistakes.add("bundle", "does nothing without `entry`; write the source file there");
  if (handler !== undefined) {
    const valid = entry === undefined ? /^.+\..+$/.test(handler) : /^index\.\w+$/.test(handler);
    const wanted = entry === undefined ? "file.export" : "index.export, as the bundle is index.js";
    mistakes.check(valid, "handler", `is "${handler}"; write ${wanted}`);
  }
  mistakes.oneOf(architecture, "architecture", Architecture);
}

function checkEnvironment(mistakes: Mistakes, { environment = {}, access = [] }: LambdaFunctionArgs): void {
  const given = new Map<string, string>();
  const check = (variables: Record<string, unknown>, path: string, hint: string) => {
    for (const name of Object.keys(variables)) {
      const mistake = nameMistake(name);
      if (mistake) mistakes.add(`${path}.${name}`, mistake);
      const other = given.get(name);
      if (other) mistakes.add(`${path}.${name}`, `is already given by ${other}; ${hint}`);
      given.set(name, path);
    }
  };
  check(environment, "environment", "");
  for (const [index, { environment: variables }] of access.entries()) {
    check(variables, `access[${index}].environment`, "write another `environmentName` in one of the `access()` calls");
  }
  const size = environmentSize(Object.assign({}, environment, ...access.map((one) => one.environment)));
  mistakes.check(
    size <= environmentLimit,
    "environment",
    `has ${size} bytes; Lambda allows ${environmentLimit}: keep large values in S3 or Parameter Store and pass their names`,
  );
}

function checkLimits(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  mistakes.range(args.memorySize, "memorySize", 128, 10_240, "MB");
  mistakes.range(args.timeout, "timeout", 1, 900, "seconds");
  mistakes.range(args.ephemeralStorage, "ephemeralStorage", 512, 10_240, "MB");
  mistakes.range(args.reservedConcurrency, "reservedConcurrency", 0, 100_000);
  mistakes.range(args.onFailure?.retries, "onFailure.retries", 0, 2);
  mistakes.range(args.onFailure?.maximumAge, "onFailure.maximumAge", 60, 21_600, "seconds");
  mistakes.oneOf(args.logLevel, "logLevel", LogLevel);
  const words = args.description?.length ?? 0;
  mistakes.check(words <= 256, "description", `has ${words} characters; Lambda allows 256`);
  const retention = retentionMistake(args.logRetentionDays);
  if (retention) mistakes.add("logRetentionDays", retention);
}

function checkLayers(mistakes: Mistakes, { layers = [], architecture = Architecture.Arm64 }: LambdaFunctionArgs): void {
  mistakes.check(layers.length <= 5, "layers", `has ${layers.length}; Lambda allows 5`);
  for (const [index, { compatibleArchitectures }] of layers.entries()) {
    const mistake = layerMistake(compatibleArchitectures, architecture);
    if (mistake) mistakes.add(`layers[${index}]`, mistake);
  }
}

/** Why a layer does not fit the function's architecture, as far as the layer's are known. */
export function layerMistake(compatible: unknown, architecture: string): string | undefined {
  if (!Array.isArray(compatible) || compatible.length === 0 || compatible.includes(architecture)) return undefined;
  if (!compatible.every((one) => typeof one === "string")) return undefined;
  return `is made for ${compatible.join(", ")}, but the function runs on ${architecture}; take the layer's ${architecture} version`;
}

function checkAlias(mistakes: Mistakes, { name, provisionedConcurrency, routing }: AliasArgs, reserved?: number): void {
  const valid = name === undefined || (/^[\w-]{1,128}$/.test(name) && !/^\d+$/.test(name));
  mistakes.check(valid, "alias.name", `is "${name}"; write letters, digits, \`_\` and \`-\`, not digits alone`);
  mistakes.range(provisionedConcurrency, "alias.provisionedConcurrency", 1, reserved ?? 100_000);
  const shares = Object.entries(routing ?? {});
  const warm = shares.length > 0 && provisionedConcurrency !== undefined;
  // "Alias with weights can not be used with Provisioned Concurrency"; https://github.com/hashicorp/terraform/issues/24957
  mistakes.check(!warm, "alias.routing", "is not for an alias with `provisionedConcurrency`; leave out one of them");
  mistakes.check(shares.length <= 1, "alias.routing", "has several versions; Lambda takes one beside the newest");
  for (const [version, share] of shares) {
    const path = `alias.routing["${version}"]`;
    mistakes.check(/^\d+$/.test(version), path, "is no version; write its number");
    mistakes.check(share >= 0 && share <= 1, path, `is ${share}; write a share from 0 to 1`);
  }
}

/** No OPTIONS: Lambda takes six letters at most, and answers it itself. @see Lambda API, Cors */
const urlMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "*"];

function checkUrl(mistakes: Mistakes, { auth = UrlAuth.Iam, cors }: UrlArgs): void {
  mistakes.oneOf(auth, "url.auth", UrlAuth);
  mistakes.range(cors?.maxAge, "url.cors.maxAge", 0, 86_400, "seconds");
  const { allowMethods = [] } = cors ?? {};
  mistakes.check(allowMethods.length <= 6, "url.cors.allowMethods", `has ${allowMethods.length}; Lambda allows 6`);
  for (const [index, method] of allowMethods.entries()) {
    const wanted = `write ${listOf(urlMethods)}`;
    mistakes.check(urlMethods.includes(method), `url.cors.allowMethods[${index}]`, `is "${method}"; ${wanted}`);
  }
  const open = auth === UrlAuth.None && cors?.allowOrigins.includes("*");
  mistakes.check(!open, "url.cors.allowOrigins", 'has "*" on a URL open to anybody; write the origins of your pages');
}
