import type { Graph } from "../engine/graph";
import { mapValues, redact } from "../engine/values";

/** The graph as one JSON document. Secrets are "[secret]", unknown values "[unknown]". */
export function renderJson(graph: Graph): string {
  const { project, stack, region, diagnostics } = graph;
  const resources = graph.resources.map((resource) => ({
    ...resource,
    inputs: mapValues(resource.inputs, redact),
    outputs: mapValues(resource.outputs, redact),
  }));
  const outputs = mapValues(graph.outputs, redact);
  return `${JSON.stringify({ project, stack, region, resources, outputs, diagnostics }, null, 2)}\n`;
}
