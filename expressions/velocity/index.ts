export { BudgetExceededError } from "./budget";
export { MethodFailure } from "./methods";
export type { RenderOptions } from "./render";
export { describeTemplateMistake, InvalidTemplateError, type TemplateMistake } from "./syntax/mistakes";
export { parseTemplate, TemplateFailure, templateMistakes, VelocityTemplate } from "./template";
export { compareValues } from "./values/numbers";
export { type Bean, Double, isEqual, textOf, type Value, Walk } from "./values/values";
