import {
  BudgetExceededError,
  InvalidTemplateError,
  parseTemplate,
  TemplateFailure,
  type Value,
  Walk,
} from "../../../../expressions/velocity";
import { contextOf } from "../request/request";
import { inputOf } from "./input";
import { ContextMap, ContextOverrides } from "./overrides";
import { type ErrorContext, type Template, TemplateError } from "./scope";
import { util } from "./util";

/** @see "Amazon API Gateway quotas": the iterations of a #foreach loop in mapping templates */
const MOST_ITERATIONS = 1000;

/**
 * Compiles a template that says more than text. A reference without a value is an empty text, as on AWS; the engine is
 * told so.
 * @throws TemplateError with all mistakes
 */
export function compileVelocity(text: string): Template {
  const template = rethrowing(() => parseTemplate(text));
  return (
    request,
    { body = request.body, context = contextOf(request), error, overrides = new ContextOverrides() } = {},
  ) =>
    rethrowing(() => {
      const variables = new Map<string, Value>([
        ["context", contextFor(context, overrides, error)],
        ["input", inputOf(request, body.toString(), new Walk())],
        ["stageVariables", new Map<Value, Value>(Object.entries(request.stage.variables))],
        ["util", util],
      ]);
      return template.render(variables, { missing: "", mostIterations: MOST_ITERATIONS });
    });
}

function rethrowing<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof InvalidTemplateError) throw new TemplateError(`its template has mistakes: ${error.message}`);
    const isFailure = error instanceof TemplateFailure || error instanceof BudgetExceededError;
    throw isFailure ? new TemplateError(`a template fails: ${error.message}`) : error;
  }
}

function contextFor(values: object, overrides: ContextOverrides, error: ErrorContext | undefined): ContextMap {
  const context = contextMap(values);
  context.set("requestOverride", overrides.request);
  context.set("responseOverride", overrides.response);
  if (error) context.set("error", contextMap({ ...error, messageString: JSON.stringify(error.message) }));
  return context;
}

function contextMap(values: object): ContextMap {
  return new ContextMap(Object.entries(values).map(([name, value]) => [name, contextValue(value)]));
}

function contextValue(value: unknown): Value {
  if (typeof value === "object" && value !== null) return contextMap(value);
  if (typeof value === "number") return value === (value | 0) ? value : BigInt(Math.trunc(value));
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}
