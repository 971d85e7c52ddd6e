import type { Service } from "../../../offline/cloud/core/service";
import { Instances } from "../../../offline/cloud/ec2/instances";
import { ec2 } from "../../../offline/cloud/ec2/operations";
import type { Resource } from "../../../offline/engine/graph";
import { graphOf } from "../offline/graph";
import { temporaryFolder } from "../temporaryFolder";
import { type FaultyServices, startFaultyServices } from "./faultyServices";

export interface FaultyEc2 extends FaultyServices {
  service: Instances;
}

/**
 * The offline cloud's EC2, in which every change takes 1 ms unless a test says otherwise, and other services.
 * @param transitionMilliseconds how long instances start and stop
 */
export async function startEc2Service(
  resources: Resource[],
  { transitionMilliseconds = 1, others = [] }: { transitionMilliseconds?: number; others?: Service[] } = {},
): Promise<FaultyEc2> {
  const options = { transitionMilliseconds, publish: () => undefined, log: () => undefined };
  const service = ec2.serve(new Instances(options));
  const services = await startFaultyServices(graphOf(temporaryFolder(), ...resources), service, ...others);
  return { ...services, service };
}
