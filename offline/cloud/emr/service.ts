import { lazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { Service } from "../core/service";
import type { RunnerOptions } from "../spark/runner";
import type * as emr from "./emr";
import type * as operations from "./operations";

/** Amazon EMR, with the program's clusters. */
export function createEmr(options: Omit<RunnerOptions, "region">): Service {
  return lazyService(["elasticmapreduce"], hasType("aws:emr/"), ({ region }) => {
    const { Emr } = require("./emr") as typeof emr;
    const { emr: service } = require("./operations") as typeof operations;
    return service.serve(new Emr({ ...options, region }));
  });
}
