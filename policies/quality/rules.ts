import type { ResourceRule, StackRule } from "../lib/rule";
import { apiRules } from "./api";
import { batchRules } from "./batch";
import { emrRules } from "./emr";
import { functionRules } from "./functions";
import { iamRules } from "./iam";
import { logRules } from "./logs";
import { streamRules } from "./streams";
import { tableRules } from "./tables";

/** What makes an architecture safe to run, apart from the processors that it runs on. */
export const qualityRules: (ResourceRule | StackRule)[] = [
  ...functionRules,
  ...logRules,
  ...tableRules,
  ...streamRules,
  ...iamRules,
  ...apiRules,
  ...batchRules,
  ...emrRules,
];
