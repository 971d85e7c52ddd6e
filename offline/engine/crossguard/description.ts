import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Context } from "../context";
import type { PolicyViolation } from "../graph";
import { type GivenSettings, levels, type Policy, type PolicySettings } from "./settings";

/** A pack as it describes itself. */
export interface PackDescription {
  name: string;
  version: string;
  policies: Policy[];
  /** The configuration that its author set in code. */
  author: Map<string, GivenSettings>;
}

export function describePack(info: proto.AnalyzerInfo): PackDescription {
  const author = [...info.getInitialconfigMap().entries()].map(([name, config]): [string, GivenSettings] => [
    name,
    { level: levelOf(config.getEnforcementlevel()), properties: plain(config.getProperties()) },
  ]);
  return {
    name: info.getName(),
    version: info.getVersion(),
    policies: info.getPoliciesList().map(describePolicy),
    author: new Map(author),
  };
}

function describePolicy(info: proto.PolicyInfo): Policy {
  const severity = severities[info.getSeverity()];
  const schema = info.getConfigschema();
  return {
    name: info.getName(),
    level: levelOf(info.getEnforcementlevel()),
    ...(severity && { severity }),
    ...(schema && { schema: { properties: plain(schema.getProperties()), required: schema.getRequiredList() } }),
  };
}

const severities: PolicyViolation["severity"][] = [undefined, "low", "medium", "high", "critical"];

function levelOf(level: proto.EnforcementLevel) {
  return levels[level] ?? "mandatory";
}

function plain(struct: Struct | undefined) {
  return struct?.toJavaScript() ?? {};
}

/** @param urn The resource that the diagnostic is about */
export function violationOf(diagnostic: proto.AnalyzeDiagnostic, urn: string, policies: Policy[]): PolicyViolation {
  const name = diagnostic.getPolicyname();
  const level = levelOf(diagnostic.getEnforcementlevel());
  const severity = severities[diagnostic.getSeverity()] ?? policies.find((policy) => policy.name === name)?.severity;
  return {
    policy: name,
    // What a remediation could not fix must be fixed by hand.
    level: level === "mandatory" || level === "remediate" ? "mandatory" : "advisory",
    ...(severity && { severity }),
    description: diagnostic.getDescription(),
    message: diagnostic.getMessage(),
    urn,
  };
}

export function stackConfiguration({ graph, config, dryRun }: Context): proto.AnalyzerStackConfigureRequest {
  const request = new proto.AnalyzerStackConfigureRequest()
    .setStack(graph.stack)
    .setProject(graph.project)
    .setOrganization(graph.organization)
    .setDryRun(dryRun)
    .setConfigSecretKeysList(config.secretKeys);
  for (const [key, value] of Object.entries(config.values)) request.getConfigMap().set(key, value);
  return request;
}

/** @param switchedOff Policies that do not run, whatever their level */
export function packConfiguration(
  settings: Map<string, PolicySettings>,
  switchedOff: Set<string>,
): proto.ConfigureAnalyzerRequest {
  const request = new proto.ConfigureAnalyzerRequest();
  for (const [name, { level, properties }] of settings) {
    const config = new proto.PolicyConfig()
      .setEnforcementlevel(levels.indexOf(switchedOff.has(name) ? "disabled" : level))
      .setProperties(Struct.fromJavaScript(properties));
    request.getPolicyconfigMap().set(name, config);
  }
  return request;
}
