import {
  DescribeInstancesCommand,
  EC2Client,
  type InstanceStateChange,
  type InstanceStateName,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { errorFields, Problem, withoutInternals } from "../http/problem";
import { clientOptions } from "../state/database";
import { type Instance, instanceFrom } from "./schema";

/** The instances with a tag. Others are hidden, also from whoever knows their ids. */
export class Fleet {
  private readonly client = new EC2Client(clientOptions);

  constructor(
    private readonly tagKey: string,
    private readonly tagValue: string,
  ) {}

  /** A page of instances, in any state unless one is given. @param limit 5–100 */
  async list(
    limit: number,
    state?: InstanceStateName,
    token?: string,
  ): Promise<{ instances: Instance[]; next?: string }> {
    const states = state === undefined ? [] : [{ Name: "instance-state-name", Values: [state] }];
    const { Reservations = [], NextToken } = await this.client.send(
      new DescribeInstancesCommand({ Filters: [this.tag, ...states], MaxResults: limit, NextToken: token }),
    );
    return { instances: Reservations.flatMap(({ Instances = [] }) => Instances).map(instanceFrom), next: NextToken };
  }

  /** Undefined if there is no such instance with the tag. */
  async read(id: string): Promise<Instance | undefined> {
    const { Reservations = [] } = await this.client.send(
      // A filter, unlike a list of ids, may match nothing.
      new DescribeInstancesCommand({ Filters: [this.tag, { Name: "instance-id", Values: [id] }] }),
    );
    const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
    return instance && instanceFrom(instance);
  }

  /** @returns the state that it is in now */
  async start(id: string): Promise<InstanceStateName | undefined> {
    const start = new StartInstancesCommand({ InstanceIds: [id] });
    const { StartingInstances } = await this.client.send(start).catch((error) => rethrowRefusal(error, id));
    return stateIn(StartingInstances);
  }

  /** @returns the state that it is in now */
  async stop(id: string): Promise<InstanceStateName | undefined> {
    const stop = new StopInstancesCommand({ InstanceIds: [id] });
    const { StoppingInstances } = await this.client.send(stop).catch((error) => rethrowRefusal(error, id));
    return stateIn(StoppingInstances);
  }

  private get tag() {
    return { Name: `tag:${this.tagKey}`, Values: [this.tagValue] };
  }
}

function stateIn([change]: InstanceStateChange[] = []): InstanceStateName | undefined {
  return change?.CurrentState?.Name;
}

/** EC2's errors for a request that it understands but does not fulfil for this instance. */
const conflicts = [
  "IncorrectInstanceState",
  "UnsupportedOperation",
  "OperationNotPermitted",
  "IncorrectSpotRequestState",
];

/** The beginnings of its errors for a lack of capacity, which passes. */
const lacks = /^Insufficient(Instance|Host|ReservedInstance)?Capacity/;

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function rethrowRefusal(error: unknown, id: string): never {
  const { name, message } = errorFields(error);
  if (name === "InvalidInstanceID.NotFound") throw new Problem("not-found", `There is no instance ${id}.`);
  if (conflicts.includes(name)) throw new Problem("conflict", withoutInternals(message));
  if (!lacks.test(name)) throw error;
  const detail = "EC2 has no capacity for the instance at the moment. Try again in some minutes.";
  throw new Problem("unavailable", detail, { headers: { "Retry-After": "120" } });
}
