import { gravitonEquivalent, isGraviton } from "../graviton";
import { listOf, type Mistakes } from "../validation";
import { Architecture, type LambdaFunctionArgs } from "./args";
import { type FunctionCapacityArgs, Tenancy } from "./modeArgs";
import { runtimesInstead } from "./rules/runtimes";

/** Where the function's own arguments have what an argument of the component sets. */
const ownArguments = {
  capacity: "capacityProviderConfig",
  codeSigning: "codeSigningConfigArn",
  durable: "durableConfig",
  tenancy: "tenancyConfig",
} as const;

type Mode = keyof typeof ownArguments;

/** Where a mode of the function is chosen, if it is: in the component's argument or in the function's own. */
export function chosen(args: LambdaFunctionArgs, mode: Mode): string | undefined {
  if (args[mode] !== undefined) return mode;
  const own = ownArguments[mode];
  return args.functionArgs?.[own] === undefined ? undefined : `functionArgs.${own}`;
}

/** Adds every mistake in what makes a function other than an ordinary one. */
export function checkModes(mistakes: Mistakes, args: LambdaFunctionArgs, name: string): void {
  for (const [mode, own] of Object.entries(ownArguments)) {
    const both = args[mode as Mode] !== undefined && args.functionArgs?.[own] !== undefined;
    mistakes.check(!both, `functionArgs.${own}`, `is what \`${mode}\` sets; write one of them`);
  }
  checkRuntime(mistakes, args, "durable");
  checkTenancy(mistakes, args);
  checkRuntime(mistakes, args, "capacity");
  checkBesideCapacity(mistakes, args);
  if (!args.capacity) return;
  checkProvider(mistakes, args.capacity);
  if (args.capacity.providerArn === undefined) mistakes.autoName(`${name}-operator`, "name", 64);
}

function checkRuntime(mistakes: Mistakes, args: LambdaFunctionArgs, mode: "capacity" | "durable"): void {
  const path = chosen(args, mode);
  if (path === undefined || args.runtime === undefined) return;
  const instead = runtimesInstead(args.runtime, mode === "durable" ? "durable" : "instances");
  const what = mode === "durable" ? "has no durable execution" : "does not run on managed instances";
  if (instead) mistakes.add("runtime", `is "${args.runtime}", which ${what}; write ${listOf(instead)}, or newer`);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html (supported features and limitations) */
function checkTenancy(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  const path = chosen(args, "tenancy");
  if (path === undefined || args.tenancy === Tenancy.Shared) return;
  const why = `cannot be combined with \`${path}\``;
  const call = "leave it out, and name the tenant in each call, as an API's route with a `tenantId` does";
  const byApi = "call the function through an API's route with a `tenantId`";
  mistakes.check(args.events === undefined, "events", `${why}, as events cannot name the tenant; ${byApi}`);
  mistakes.check(args.url === undefined, "url", `${why}, as a request to a URL cannot name the tenant; ${call}`);
  checkUnprepared(mistakes, args, why);
}

/** Adds a mistake for environments that are prepared ahead of the calls. */
function checkUnprepared(mistakes: Mistakes, { alias, functionArgs }: LambdaFunctionArgs, why: string): void {
  const warm = alias?.provisionedConcurrency;
  mistakes.check(warm === undefined, "alias.provisionedConcurrency", `${why}; leave it out`);
  const snapStart = functionArgs?.snapStart as { applyOn?: unknown } | undefined;
  mistakes.check(snapStart?.applyOn !== "PublishedVersions", "functionArgs.snapStart", `${why}; leave it out`);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html */
function checkBesideCapacity(mistakes: Mistakes, args: LambdaFunctionArgs): void {
  const path = chosen(args, "capacity");
  if (path === undefined) return;
  const why = `cannot be combined with \`${path}\``;
  const network =
    path === "capacity" ? "`capacity.subnetIds` and `capacity.securityGroupIds`" : "the provider's network";
  mistakes.check(args.vpc === undefined, "vpc", `${why}, whose instances have a network; write ${network} instead`);
  checkUnprepared(mistakes, args, `${why}, whose environments always run`);
  const { memorySize } = args;
  const isEnough = typeof memorySize !== "number" || memorySize >= 2048;
  const least = "write 2048 MB or more, with which managed instances begin";
  mistakes.from("memorySize").check(isEnough, "memorySize", `is ${memorySize}; ${least}`);
  const arm64 = path !== "capacity" || args.architecture !== Architecture.X86;
  mistakes.check(
    arm64,
    "architecture",
    `is "x86_64", but \`capacity\` is Graviton; write "arm64", or leave out either`,
  );
}

const ofProvider = [
  ...["subnetIds", "securityGroupIds", "instanceTypes", "excludedInstanceTypes"],
  ...["maxVcpus", "targetCpuUtilization"],
] as (keyof FunctionCapacityArgs)[];

function checkProvider(mistakes: Mistakes, capacity: FunctionCapacityArgs): void {
  const { providerArn, instanceTypes = [], excludedInstanceTypes, minEnvironments, maxEnvironments } = capacity;
  if (providerArn !== undefined) {
    for (const key of ofProvider) {
      const given = capacity[key] !== undefined;
      mistakes.check(
        !given,
        `capacity.${key}`,
        "is a setting of the provider, which `providerArn` names; leave it out",
      );
    }
  } else {
    for (const key of ["subnetIds", "securityGroupIds"] as const) {
      const instead = "write those of the instances, or `providerArn` for a provider that exists";
      mistakes.check(capacity[key] !== undefined, `capacity.${key}`, `is missing; ${instead}`);
    }
  }
  const both = excludedInstanceTypes !== undefined && capacity.instanceTypes !== undefined;
  mistakes.check(!both, "capacity.excludedInstanceTypes", "cannot be combined with `instanceTypes`; write one of them");
  for (const [index, type] of instanceTypes.entries())
    checkInstanceType(mistakes, type, `capacity.instanceTypes[${index}]`);
  if (typeof minEnvironments !== "number" || typeof maxEnvironments !== "number") return;
  mistakes
    .from("capacity.maxEnvironments")
    .range(
      minEnvironments,
      "capacity.minEnvironments",
      0,
      maxEnvironments,
      "environments, as many as `maxEnvironments`",
    );
}

/** A pattern may begin with a family, as `m8g.*` does. */
function checkInstanceType(mistakes: Mistakes, type: string, path: string): void {
  const [family = ""] = type.split(/[.*]/);
  if (isGraviton(type.includes("*") ? family : type)) return;
  const instead = gravitonEquivalent(type)?.type ?? "a type with Graviton, such as m8g.xlarge";
  mistakes.add(path, `is "${type}", which is not arm64; write ${instead}`);
}
