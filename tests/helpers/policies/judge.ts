import * as path from "node:path";
import type { Graph, PolicyViolation } from "pulumi-offline";
import { Analyzer } from "../../../offline/engine/crossguard/analyzer";
import { describePack, packConfiguration, violationOf } from "../../../offline/engine/crossguard/description";
import { analyzeRequest, analyzeStackRequest } from "../../../offline/engine/crossguard/messages";
import { PackProcess } from "../../../offline/engine/crossguard/process";
import { readPackProject } from "../../../offline/engine/crossguard/project";
import { mergeSettings } from "../../../offline/engine/crossguard/settings";
import { readConfig } from "../../../offline/engine/project/config";
import { readProject } from "../../../offline/engine/project/project";
import { repository } from "../offline/start";

export interface Judge {
  /**
   * The violations of one program, which must not hang on anything that other programs did.
   * @throws if a policy throws
   */
  violations(graph: Graph): Promise<PolicyViolation[]>;
  end(): Promise<void>;
}

/** Starts this repository's pack once for many programs, with its policies at their default levels. */
export async function startJudge(): Promise<Judge> {
  const project = readProject(repository);
  const config = readConfig(project, "dev", {}, { placeholders: false });
  const launch = { project, config, organization: "organization", dryRun: false, address: "127.0.0.1:1" };
  const pack = new PackProcess(readPackProject(path.join(repository, "policies")), { ...launch, mode: "fast" });
  const analyzer = new Analyzer(await pack.port);
  const { policies, author } = describePack(await analyzer.info());
  const { settings } = mergeSettings(policies, author, { policies: new Map(), mistakes: [], warnings: [] });
  await analyzer.configure(packConfiguration(settings, new Set()));
  return {
    async violations({ resources }) {
      const find = (urn: string) => resources.find((resource) => resource.urn === urn);
      const found: PolicyViolation[] = [];
      for (const resource of resources) {
        const response = await analyzer.analyze(analyzeRequest(resource, find));
        found.push(...response.getDiagnosticsList().map((one) => violationOf(one, resource.urn, policies)));
      }
      const response = await analyzer.analyzeStack(analyzeStackRequest(resources, find));
      return [...found, ...response.getDiagnosticsList().map((one) => violationOf(one, one.getUrn(), policies))];
    },
    async end() {
      analyzer.close();
      await pack.end();
    },
  };
}
