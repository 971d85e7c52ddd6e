import { BudgetExceededError } from "./failures";
import type * as render from "./render";
import type { RenderOptions } from "./render";
import { InvalidTemplateError, type TemplateMistake } from "./syntax/mistakes";
import { parse, type Syntax } from "./syntax/parser";
import type { Value } from "./values/values";

/**
 * A template in the Velocity Template Language, as Apache Velocity 1.7 reads it.
 * @see https://velocity.apache.org/engine/1.7/vtl-reference.html
 */
export class VelocityTemplate {
  constructor(private readonly syntax: Syntax) {}

  /**
   * What the template makes of variables. `#set` changes them.
   * @throws TemplateFailure if a method fails
   * @throws BudgetExceededError if it loops too often, or makes too much
   */
  render(variables: Map<string, Value>, options: RenderOptions = {}): string {
    // With the first template that runs: to read one is enough for those who only check it.
    const { Renderer } = require("./render") as typeof render;
    try {
      return new Renderer(new Map(this.syntax.macros), options).run(this.syntax.body, variables);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new BudgetExceededError("the template makes too much, or something that contains itself");
    }
  }
}

/** @throws InvalidTemplateError with all mistakes and their places */
export function parseTemplate(text: string): VelocityTemplate {
  const mistakes: TemplateMistake[] = [];
  const syntax = parse(text, mistakes);
  if (mistakes.length > 0) throw new InvalidTemplateError(mistakes);
  return new VelocityTemplate(syntax);
}

/** What is wrong with a template: nothing, if it can be run. */
export function templateMistakes(text: string): TemplateMistake[] {
  const mistakes: TemplateMistake[] = [];
  parse(text, mistakes);
  return mistakes;
}
