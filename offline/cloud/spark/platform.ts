import type { Graph } from "../../engine/graph";
import type { Change, Service } from "../core/types";
import { Emr } from "../emr/emr";
import { createEmr } from "../emr/service";
import { EmrServerless } from "../emrServerless/emrServerless";
import { createEmrServerless } from "../emrServerless/service";
import { Runner, type RunnerOptions } from "./runner";

/** EMR, on clusters and serverless. */
export class DataPlatform {
  /** By signing name. */
  readonly services: Record<string, Service>;
  private readonly runner: Runner;
  private readonly emr: Emr;
  private readonly serverless: EmrServerless;
  private closed = false;

  constructor(options: RunnerOptions) {
    // What ends because all does need not be told.
    const log = (line: string) => this.closed || options.log(line);
    this.runner = new Runner({ ...options, log });
    this.emr = new Emr({ runner: this.runner, log });
    this.serverless = new EmrServerless({ runner: this.runner, log });
    this.services = {
      elasticmapreduce: createEmr(this.emr),
      "emr-serverless": createEmrServerless(this.serverless),
    };
  }

  update(graph: Graph): Change[] {
    return [...this.emr.update(graph), ...this.serverless.update(graph)];
  }

  close(): Promise<void> {
    this.closed = true;
    return this.runner.close();
  }
}
