import type { ResourceRule, StackRule } from "../lib/rule";
import { apiRules } from "./api/api";
import { batchRules } from "./batch";
import { emrRules } from "./emr";
import { iamRules } from "./iam/iam";
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
  ...eventSourceRules,
  ...iamRules,
  ...apiRules,
  ...batchRules,
  ...emrRules,
];
