import type { InstanceStateName } from "@aws-sdk/client-ec2";
import { Problem } from "../http/problem";
import type { Operation, Reply, Request } from "../http/restApi";
import type { PageTokens } from "../state/pageTokens";
import type { Fleet } from "./fleet";
import type { InstanceOperation } from "./routes";
import type { Instance } from "./schema";

export interface InstanceServices {
  fleet: Fleet;
  pageTokens: PageTokens;
}

/** What the API does with instances, one function per route. */
export function instanceOperations({ fleet, pageTokens }: InstanceServices): Record<InstanceOperation, Operation> {
  type ListParameters = { limit: number; state?: InstanceStateName; nextToken?: string };

  async function listInstances({ parameters }: Request<ListParameters>): Promise<Reply> {
    const { nextToken, ...rest } = parameters;
    const query = { operation: "listInstances", ...rest };
    const position = await pageTokens.open(nextToken, query);
    const page = await fleet.list(rest.limit, rest.state, (position as { token: string } | undefined)?.token);
    const next = page.next && { nextToken: await pageTokens.seal({ token: page.next }, query) };
    return { status: 200, body: { instances: page.instances, ...next } };
  }

  async function startInstance({ parameters: { id } }: Request<{ id: string }>): Promise<Reply> {
    const { state } = await demanded(id);
    return changed(id, (await fleet.start(id)) ?? state);
  }

  async function stopInstance({ parameters: { id } }: Request<{ id: string }>): Promise<Reply> {
    const { state, group } = await demanded(id);
    if (group !== undefined) {
      const advice = "which would replace it; change the group's desired capacity instead";
      throw new Problem("conflict", `Instance ${id} belongs to the Auto Scaling group ${group}, ${advice}.`);
    }
    return changed(id, (await fleet.stop(id)) ?? state);
  }

  async function demanded(id: string): Promise<Instance> {
    const instance = await fleet.read(id);
    if (!instance) throw new Problem("not-found", `There is no instance ${id}.`);
    return instance;
  }

  return { listInstances, startInstance, stopInstance };
}

function changed(id: string, state: InstanceStateName): Reply {
  return { status: 202, body: { id, state } };
}
