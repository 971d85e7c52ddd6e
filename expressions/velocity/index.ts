export { BudgetExceededError, MethodFailure, TemplateFailure } from "./failures";
export { describeTemplateMistake, InvalidTemplateError } from "./syntax/mistakes";
export { parseTemplate, templateMistakes } from "./template";
export { compareValues } from "./values/numbers";
export { type Bean, Double, isEqual, textOf, type Value, Walk } from "./values/values";
