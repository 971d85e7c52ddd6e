import * as path from "node:path";
import type { Graph, Resource } from "pulumi-offline";
import { repository } from "../helpers/offline/start";
import { Scenarios } from "../helpers/program/scenarios";
import { aliasScenarios, unchangedScenarios } from "./scenarios/renames";

/** The graph as it was before the package's name in types changed from `pulumi-graviton` to `graviton`. */
function underEarlierTypes(graph: Graph): Graph {
  const earlier = <T>(part: T): T =>
    JSON.parse(JSON.stringify(part).replace(/\bgraviton:index:/g, "pulumi-graviton:index:")) as T;
  const resources = graph.resources.map((resource): Resource => {
    const { type, urn, parent, dependencies, propertyDependencies, options, madeFrom = urn } = resource;
    const renamed = earlier({ type, urn, parent, dependencies, propertyDependencies, options });
    return { ...resource, ...renamed, madeFrom };
  });
  return { ...graph, resources };
}

describe("what is deployed over components with the types of earlier versions", function () {
  this.timeout(120_000);
  const all = [...unchangedScenarios, ...aliasScenarios];
  const directory = path.join(repository, ".cache", "earlierTypes");
  const scenarios = new Scenarios(directory, all, underEarlierTypes);
  before(() => scenarios.run());
  after(() => scenarios.close());

  for (const scenario of all) it(scenario.edit, () => scenarios.expectPlan(scenario));
});
