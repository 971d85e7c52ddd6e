import { show } from "../../lib/messages";
import type { Finding, ResourceRule } from "../../lib/rule";
import { anyOf, unless } from "../../lib/unknowns";
import { holds, isGiven, known, type Reading, read } from "../../lib/values";
import { byType, demand, demandRange } from "../checks";
import { isAnybody, isWide } from "../iam/outsiders";
import { runtimeProblem } from "./runtimes";

const functionType = "aws:lambda/function:Function";

const memoryAndTimeout: ResourceRule = {
  name: "lambda-memory-and-timeout",
  description: "Lambda functions set their memory and timeout, within the stack's limits.",
  severity: "medium",
  practice: "PERF02-BP04",
  tags: ["lambda", "cost", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
  remediationSteps: "Measure what the function needs, and set memorySize (in MB) and timeout (in seconds) accordingly.",
  settings: {
    maximumMemory: {
      type: "integer",
      description: "The most memory allowed, in MB; without a capacity provider, AWS allows 10240 at most.",
      minimum: 128,
      maximum: 32768,
      default: 32768,
    },
    maximumTimeout: {
      type: "integer",
      description:
        "The longest timeout allowed, in seconds; without a capacity provider, the AWS provider allows 900 at most.",
      minimum: 1,
      maximum: 5400,
      default: 5400,
    },
  },
  checkResource: byType({
    [functionType]: (props, { maximumMemory, maximumTimeout }) => {
      const limits = isGiven(props, "capacityProviderConfig") ? onInstances : ordinary;
      const timeout = Math.min(Number(maximumTimeout), limits.timeout);
      const note = limits === ordinary && timeout === ordinary.timeout ? providersLimit : "";
      const memory = Math.min(Number(maximumMemory), limits.memory);
      return [
        ...demandRange(props, "memorySize", { minimum: 128, maximum: memory, unit: "MB" }),
        ...demandRange(props, "timeout", { minimum: 1, maximum: timeout, unit: "seconds", note }),
      ];
    },
  }),
};

/** The most memory in MB, and the longest timeout in seconds. @see AWS Lambda API, CreateFunction */
const ordinary = { memory: 10_240, timeout: 900 };

/** The same for functions on the instances of a capacity provider. */
const onInstances = { memory: 32_768, timeout: 5400 };

const providersLimit = ", as the AWS provider refuses more, although AWS accepts 1800";

const currentRuntime: ResourceRule = {
  name: "lambda-current-runtime",
  description: "Lambda functions use runtimes that AWS supports and will not drop soon.",
  severity: "high",
  practice: "SEC06-BP01",
  tags: ["lambda", "security"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  remediationSteps: "Write a runtime that AWS supports, and test the function on it.",
  settings: {
    minimumDays: {
      type: "integer",
      description: "The number of days for which AWS must still support a runtime.",
      minimum: 1,
      default: 60,
    },
    allow: {
      type: "array",
      description: "Runtimes to allow anyway, such as those of a family that this policy does not know.",
      items: { type: "string" },
      default: [],
    },
  },
  checkResource: byType({
    [functionType]: (props, { minimumDays, allow }) =>
      unless(
        () => isImage(props),
        () => runtimeOf(props, Number(minimumDays), allow as string[]),
      ),
  }),
};

/** Container images contain their runtime. */
function isImage(props: object): boolean {
  return isGiven(props, "imageUri") || holds(props, "packageType", (value) => value !== "Zip");
}

function runtimeOf(props: object, minimumDays: number, allowed: string[]): Finding[] {
  const instead = "write the runtime that the code is for, such as nodejs24.x";
  return [
    ...demand(props, "runtime", { type: "string", isRight: () => true, instead }),
    ...known(props, "runtime").flatMap((runtime) => {
      if (typeof runtime !== "string" || allowed.includes(runtime)) return [];
      const problem = runtimeProblem(runtime, new Date(), minimumDays);
      return problem ? [{ message: `runtime is ${show(runtime)}, ${problem}.` }] : [];
    }),
  ];
}

const permissionSource: ResourceRule = {
  name: "lambda-permission-source",
  description: "Permissions to invoke a function name a resource or an account, not a whole service or anybody.",
  severity: "high",
  practice: "SEC03-BP07",
  tags: ["lambda", "security"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
  remediationSteps:
    "Set sourceArn to the ARN of the resource that invokes the function, or sourceAccount to its account; for S3, " +
    "whose ARNs name no account, both.",
  checkResource: byType({
    "aws:lambda/permission:Permission": (props) =>
      unless(
        () =>
          anyOf(
            () => othersDecide.some((path) => isGiven(props, path)),
            () => !holds(props, "principal", (principal) => isOutsider(String(principal))),
          ),
        () => read(props, "sourceArn").flatMap((source) => widthOf(source, props)),
      ),
  }),
};

/** For a function URL, it decides who may call it: see `api-authorization`. The others narrow who may. */
const othersDecide = [
  "functionUrlAuthType",
  "invokedViaFunctionUrl",
  "sourceAccount",
  "principalOrgId",
  "eventSourceToken",
];

/** Whether a principal is a service, on whose behalf anybody may call, or everybody. */
function isOutsider(principal: string): boolean {
  return isAnybody(principal) || /^[\w.-]+\.amazonaws\.(com|com\.cn|eu)$/.test(principal);
}

function widthOf(source: Reading, props: object): Finding[] {
  const instead = "write the ARN of the resource that invokes the function, or its account in sourceAccount";
  if (source.state === "missing") {
    const [principal] = known(props, "principal");
    return [{ message: `sourceArn is missing, so ${principal} may invoke the function for anybody: ${instead}.` }];
  }
  if (source.state !== "known") return [];
  const arn = String(source.value);
  if (isWide(arn)) return [{ message: `sourceArn is ${JSON.stringify(arn)}, which matches anything: ${instead}.` }];
  // @see AWS Security Hub, control Lambda.1
  if (!/^arn:[^:]+:s3:::/.test(arn)) return [];
  const message =
    `sourceArn is ${arn}, which belongs to whoever has a bucket of that name, also after this one is deleted: ` +
    "write the bucket's account in sourceAccount too.";
  return [{ message }];
}

export const functionRules = [memoryAndTimeout, currentRuntime, permissionSource];
