import type { ResourceRule, StackRule } from "../lib/rule";
import { apiRules } from "./api/api";
import { batchRules } from "./batch";
import { deadLetterRules } from "./deadLetters";
import { emrRules } from "./emr";
import { iamRules } from "./iam/iam";
import { instanceRules } from "./instances";
import { eventSourceRules } from "./lambda/eventSources";
import { functionRules } from "./lambda/functions";
import { logRules } from "./logs";
import { messagingRules } from "./messaging";
import { tableRules } from "./tables";

/** Rules about reliability, security and cost, independent of the processor. */
export const qualityRules: (ResourceRule | StackRule)[] = [
  ...functionRules,
  ...logRules,
  ...tableRules,
  ...messagingRules,
  ...deadLetterRules,
  ...eventSourceRules,
  ...iamRules,
  ...apiRules,
  ...instanceRules,
  ...batchRules,
  ...emrRules,
];
