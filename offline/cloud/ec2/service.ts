import { lazyService } from "../core/registry";
import type { Service } from "../core/service";
import type * as instances from "./instances";
import { hasInstances } from "./model";
import type * as operations from "./operations";

/** Amazon EC2, with the program's instances. */
export function createEc2(options: instances.InstancesOptions): Service {
  return lazyService(["ec2"], hasInstances, () => {
    const { Instances } = require("./instances") as typeof instances;
    const { ec2 } = require("./operations") as typeof operations;
    return ec2.serve(new Instances(options));
  });
}
