export { MatchableEvent, readEvent } from "./event";
export { describeMistake, type Mistake } from "./mistakes";
export { InvalidPatternError, Pattern, parsePattern } from "./pattern";
export { BUS_EVENT, type EventFields, mistakesOf } from "./unmatchable";
