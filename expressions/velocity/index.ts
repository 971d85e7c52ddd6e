export { BudgetExceededError } from "./budget";
export type { RenderOptions } from "./render";
export { describeTemplateMistake, InvalidTemplateError, type TemplateMistake } from "./syntax/mistakes";
export { parseTemplate, TemplateFailure, templateMistakes, VelocityTemplate } from "./template";
export { type Bean, Double, textOf, type Value } from "./values/values";
