export { BudgetExceededError } from "./budget";
export { MethodFailure } from "./methods";
export { describeTemplateMistake, InvalidTemplateError } from "./syntax/mistakes";
export { parseTemplate, TemplateFailure, templateMistakes } from "./template";
export { compareValues } from "./values/numbers";
export { type Bean, Double, isEqual, textOf, type Value, Walk } from "./values/values";
