import { lazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { Service } from "../core/service";
import type { RunnerOptions } from "../spark/runner";
import type * as emr from "./emrServerless";
import type * as operations from "./operations";

/** Amazon EMR Serverless, with the program's applications. */
export function createEmrServerless(options: Omit<RunnerOptions, "region">): Service {
  return lazyService(["emr-serverless"], hasType("aws:emrserverless/"), ({ region }) => {
    const { EmrServerless } = require("./emrServerless") as typeof emr;
    const { emrServerless } = require("./operations") as typeof operations;
    return emrServerless.serve(new EmrServerless({ ...options, region }));
  });
}
