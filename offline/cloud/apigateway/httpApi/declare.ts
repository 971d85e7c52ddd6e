import type { Graph } from "../../../engine/graph";
import { messageAnswer } from "../request/http";
import type { Declaration } from "../stage";
import { readHttpApis } from "./read";
import { HttpStage } from "./stage";

/** The HTTP APIs of a program. */
export function declareHttpApis(graph: Graph): { declarations: Declaration[]; problems: string[] } {
  const { apis, problems } = readHttpApis(graph);
  const declarations = apis.map(
    (model): Declaration => ({
      ...model,
      model,
      refusal: model.isEndpointDisabled ? messageAnswer(404, "Not Found") : undefined,
      compile: (surroundings) => model.stages.map((stage) => new HttpStage(model, stage, surroundings)),
      isDefault: ({ path }) => path === "",
    }),
  );
  return { declarations, problems };
}
