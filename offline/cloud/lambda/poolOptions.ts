import type { CodeContext } from "../core/types";
import { environmentOf } from "./environment";
import type { FunctionModel } from "./model";
import type { PoolOptions } from "./pool";
import { startProcess } from "./process";
import { startThread } from "./thread";

/** For functions without a reserved concurrency: more workers than this would only compete for the machine. */
const DEFAULT_CONCURRENCY = 10;

/**
 * How the workers of a function run.
 * @param root the folder of its code
 * @param inspect true to let a debugger hold a function for any length of time
 */
export function poolOptions(
  model: FunctionModel,
  root: string,
  logStreamName: string,
  { inspect, ...context }: CodeContext & { inspect: boolean },
): PoolOptions {
  const { name, arn, handler, memorySize, timeout, logGroup } = model;
  return {
    name,
    arn,
    root,
    handler,
    python: model.python,
    layers: model.layers?.root,
    start: model.python ? startProcess : startThread,
    memorySize,
    timeout,
    callbacks: Number(/^nodejs(\d+)/.exec(model.runtime)?.[1]) < 24,
    context: {
      functionName: name,
      memoryLimitInMB: String(memorySize),
      logGroupName: logGroup,
      logStreamName,
    },
    environment: environmentOf(model, root, logStreamName, context),
    concurrency: model.reservedConcurrency || DEFAULT_CONCURRENCY,
    enforceTimeout: !inspect,
    log: context.log,
  };
}
