import * as path from "node:path";
import { repository } from "../helpers/offline/start";
import { Scenarios } from "../helpers/program/scenarios";
import { apiScenarios } from "./scenarios/api";
import { batchScenarios } from "./scenarios/batch";
import { dataScenarios } from "./scenarios/data";
import { functionScenarios } from "./scenarios/functions";
import { renameScenarios } from "./scenarios/renames";

const all = [...apiScenarios, ...functionScenarios, ...dataScenarios, ...batchScenarios, ...renameScenarios];

describe("what an edit of a program deploys", function () {
  this.timeout(120_000);
  const scenarios = new Scenarios(path.join(repository, ".cache", "scenarios"), all);
  before(() => scenarios.run());
  after(() => scenarios.close());

  for (const scenario of all) it(scenario.edit, () => scenarios.expectPlan(scenario));
});
