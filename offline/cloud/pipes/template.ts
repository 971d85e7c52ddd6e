import { type InputTemplate, readTemplate, valueAt } from "../core/inputTemplate";
import type { Pipe } from "./model";
import type { PipeEvent } from "./pipeEvent";

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html#input-transform-reserved */
const VARIABLES: Record<string, (event: PipeEvent, pipe: Pipe) => unknown> = {
  "aws.pipes.pipe-arn": (_, { arn }) => arn,
  "aws.pipes.pipe-name": (_, { name }) => name,
  "aws.pipes.source-arn": (_, { Source }) => Source,
  "aws.pipes.enrichment-arn": (_, { Enrichment }) => Enrichment,
  "aws.pipes.target-arn": (_, { Target }) => Target,
  "aws.pipes.event.ingestion-time": () => new Date().toISOString(),
  "aws.pipes.event": ({ whole }) => textOf(whole),
  "aws.pipes.event.json": ({ decoded, isJson }) => (isJson ? decoded : undefined),
};

/** What an event becomes: by a template, or unchanged. @throws Error if it makes invalid JSON of a template of JSON */
export function transform(event: PipeEvent, template: string | undefined, pipe: Pipe): string {
  if (template === undefined) return textOf(event.whole);
  return read(template).fill((name) => {
    const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
    return variable ? variable(event, pipe) : valueAt(name, event.decoded);
  });
}

/** What is wrong with a template; undefined if nothing is. */
export function templateMistake(template: string): string | undefined {
  try {
    for (const name of read(template).placeholders) {
      if (Object.hasOwn(VARIABLES, name)) continue;
      if (!name.startsWith("$"))
        return `it has no variable <${name}>: use a path, such as <$.body>, or a variable of pipes`;
      valueAt(name, {});
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A parameter of the target: a text, or a path whose value it gets. */
export function parameterOf(text: string | undefined, { decoded }: PipeEvent): string | undefined {
  if (!text?.startsWith("$.")) return text;
  const value = valueAt(text, decoded);
  return value === undefined ? undefined : textOf(value);
}

/** JSON and texts in quotes are read as those of rules. Unlike them, pipes also take free text. */
function read(template: string): InputTemplate {
  if (/^\s*[[{"<]/.test(template)) return readTemplate(template);
  const { placeholders, fill } = readTemplate(JSON.stringify(template));
  return { placeholders, fill: (resolve) => JSON.parse(fill(resolve)) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
