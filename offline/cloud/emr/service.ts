import { lazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { Service } from "../core/service";
import type { RunnerOptions } from "../spark/runner";
import type * as protocol from "./protocol";

/** Amazon EMR, with the program's clusters. */
export function createEmr(options: Omit<RunnerOptions, "region">): Service {
  return lazyService(["elasticmapreduce"], hasType("aws:emr/"), ({ region }) => {
    const { EmrService } = require("./protocol") as typeof protocol;
    return new EmrService({ ...options, region });
  });
}
