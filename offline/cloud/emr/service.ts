import { LazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { RunnerOptions } from "../spark/runner";
import type * as protocol from "./protocol";

/** Amazon EMR: its part of the program is its clusters. */
export function createEmr(options: Omit<RunnerOptions, "region">): LazyService {
  return new LazyService(["elasticmapreduce"], hasType("aws:emr/"), ({ region }) => {
    const { EmrService } = require("./protocol") as typeof protocol;
    return new EmrService({ ...options, region });
  });
}
