import type { Graph } from "../engine/graph";
import { hideSecrets } from "../engine/query";
import { mapValues, redact } from "../engine/values";

/** The format of the document: another number for each change that its readers must know about. */
export const formatVersion = 1;

/** The graph as one JSON document. Secrets are "[secret]", unknown values "[unknown]". */
export function renderJson(given: Graph): string {
  const graph = hideSecrets(given);
  const { project, stack, region, directory, diagnostics, policyPacks } = graph;
  const resources = graph.resources.map((resource) => ({
    ...resource,
    inputs: mapValues(resource.inputs, redact),
    outputs: mapValues(resource.outputs, redact),
  }));
  const outputs = mapValues(graph.outputs, redact);
  const document = {
    formatVersion,
    project,
    stack,
    region,
    directory,
    resources,
    outputs,
    diagnostics,
    policyPacks,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
