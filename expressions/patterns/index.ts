export { MatchableEvent, readEvent } from "./event";
export {
  attributesAsEvent,
  type FilterPolicyScope,
  InvalidFilterPolicyError,
  type MessageAttribute,
  parseFilterPolicy,
} from "./filterPolicy";
export { describeMistake, type Mistake } from "./mistakes";
export { InvalidPatternError, Pattern, parsePattern } from "./pattern";
export {
  BUS_EVENT,
  type EventFields,
  KAFKA_RECORD,
  KINESIS_RECORD,
  mistakesOf,
  QUEUE_MESSAGE,
  TABLE_CHANGE,
} from "./unmatchable";
