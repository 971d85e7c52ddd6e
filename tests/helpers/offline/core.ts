import { Endpoint, type EndpointOptions } from "../../../offline/cloud/core/endpoint";
import { Registry } from "../../../offline/cloud/core/registry";
import type { Service } from "../../../offline/cloud/core/service";
import { send } from "./api";
import { type SignedRequest, signed } from "./signed";

const CREDENTIALS = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };

interface Answer {
  status?: number;
  headers: Record<string, unknown>;
  body: string;
}

export interface ServedServices {
  /** How an AWS SDK calls them. */
  client: { endpoint: string; region: string; maxAttempts: number; credentials: typeof CREDENTIALS };
  call(request: SignedRequest): Promise<Answer>;
}

const open: Endpoint[] = [];

/** For `afterEach`: closes what a test has opened. */
export async function closeServices(): Promise<void> {
  for (const endpoint of open.splice(0)) await endpoint.close();
}

/** Serves services alone, at an endpoint. */
export async function serveServices(
  services: Service[],
  options: Pick<EndpointOptions, "hooks"> = {},
): Promise<ServedServices> {
  const endpoint = new Endpoint({ credentials: CREDENTIALS, endpoints: {}, ...options });
  endpoint.serve(new Registry(services));
  open.push(endpoint);
  const address = { endpoint: await endpoint.listen(), credentials: CREDENTIALS };
  return {
    client: { ...address, region: "eu-west-1", maxAttempts: 1 },
    call: async (request) => send(address.endpoint, await signed(address, request)),
  };
}
