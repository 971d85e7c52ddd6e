import * as fs from "node:fs";
import { isYamlMap, parseJson, type YamlMap } from "../engine/documents";
import { messageOf, ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import { KnownSecrets } from "../engine/secrets";
import { Archive, mapValues, type Properties, Unknown, type Value } from "../engine/values";
import { formatVersion, renderJson } from "../report/json";

/**
 * Reads the graph that `preview --json` has written to a file. Secrets are the text "[secret]".
 * @throws ProgramError when it is not such a file, or one of another version
 */
export function readRecorded(file: string): Graph {
  const refuse = (problem: string) =>
    new ProgramError(`${file} ${problem}. At the base, write one: pulumi-offline preview --json > base.json`);
  const document = readDocument(file, refuse);
  if (!isYamlMap(document) || !isGraph(document)) throw refuse("is not a graph that preview --json has written");
  const { formatVersion: version } = document;
  if (version !== formatVersion) {
    const found = version === undefined ? "has no format version" : `has format version ${JSON.stringify(version)}`;
    throw refuse(`${found}, and this release of pulumi-offline reads version ${formatVersion}`);
  }
  return graphOf(document);
}

function readDocument(file: string, refuse: (problem: string) => ProgramError): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw refuse(`cannot be read: ${messageOf(error)}`);
  }
  try {
    return parseJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw refuse(`is not JSON: ${messageOf(error).replace(/\s+/g, " ")}`);
  }
}

/** The graph as it would be read from a file, so that both sides of a comparison lack the same. */
export function asRecorded(graph: Graph): Graph {
  return graphOf(JSON.parse(renderJson(graph)));
}

type Document = YamlMap & Omit<Graph, "organization" | "workingDirectory" | "secrets">;

function isGraph(document: YamlMap): document is Document {
  const { project, stack, resources } = document;
  const isResource = (one: unknown) =>
    isYamlMap(one) && typeof one.urn === "string" && typeof one.type === "string" && isYamlMap(one.inputs);
  return (
    typeof project === "string" && typeof stack === "string" && Array.isArray(resources) && resources.every(isResource)
  );
}

function graphOf(document: Document): Graph {
  const { project, stack, region, directory = "", diagnostics = [], policyPacks = [] } = document;
  return {
    project,
    stack,
    organization: "organization",
    directory,
    workingDirectory: directory,
    region,
    resources: document.resources.map((resource) => ({
      ...resource,
      inputs: revive(resource.inputs) as Properties,
      outputs: revive(resource.outputs ?? {}) as Properties,
    })),
    outputs: revive(document.outputs ?? {}) as Properties,
    diagnostics,
    policyPacks,
    secrets: new KnownSecrets(),
  };
}

/** The opposite of `redact`, as far as a comparison needs it: an asset becomes an archive with the same digest. */
function revive(value: Value): Value {
  if (value === "[unknown]") return new Unknown();
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const { digest, ...source } = value as Record<string, Value>;
  if (typeof digest === "string" && isSource(source) && /^[0-9a-f]{64}$/.test(digest)) {
    return Object.assign(new Archive(source), { digest });
  }
  return mapValues(value as Properties, revive);
}

function isSource(source: Properties): source is Record<"path" | "uri", string> {
  const keys = Object.keys(source);
  return keys.length === 1 && keys.every((key) => ["path", "text", "uri", "assets"].includes(key));
}
