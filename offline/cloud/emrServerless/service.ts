import { lazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { Service } from "../core/service";
import type { RunnerOptions } from "../spark/runner";
import type * as protocol from "./protocol";

/** Amazon EMR Serverless, with the program's applications. */
export function createEmrServerless(options: Omit<RunnerOptions, "region">): Service {
  return lazyService(["emr-serverless"], hasType("aws:emrserverless/"), ({ region }) => {
    const { EmrServerlessService } = require("./protocol") as typeof protocol;
    return new EmrServerlessService({ ...options, region });
  });
}
