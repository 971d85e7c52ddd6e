import type { Graph } from "../../engine/graph";
import { hasType } from "../core/resources";
import { compileStage } from "./canary";
import { readApis } from "./definition/model";
import type * as declare from "./httpApi/declare";
import { messageAnswer } from "./request/http";
import type { Declaration } from "./stage";

const hasHttpApis = hasType("aws:apigatewayv2/api:Api");
/** Most programs have one kind of API, and do not load the other. */
const NONE: typeof declare = { declareHttpApis: () => ({ declarations: [], problems: [] }) };

/** The APIs that a program declares, of all kinds. */
export function readDeclarations(graph: Graph): { declarations: Declaration[]; problems: string[] } {
  const { apis, problems } = readApis(graph);
  const rest = apis.map(
    (model): Declaration => ({
      ...model,
      model,
      refusal: model.isEndpointDisabled ? messageAnswer(403, "Forbidden") : undefined,
      compile: (surroundings) => model.stages.map((stage) => compileStage(model, stage, surroundings)),
    }),
  );
  const { declareHttpApis } = hasHttpApis(graph) ? (require("./httpApi/declare") as typeof declare) : NONE;
  const http = declareHttpApis(graph);
  const all = [...rest, ...http.declarations];
  const declarations = all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
  const doubles = all.filter((one) => !declarations.includes(one));
  return {
    declarations,
    problems: [
      ...problems,
      ...http.problems,
      ...doubles.map(({ name }) => `API ${name} is not served: another API has the same name`),
    ],
  };
}
