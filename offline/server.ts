import * as inspector from "node:inspector";
import { findCredentials } from "./cloud/core/credentials";
import { Endpoint } from "./cloud/core/endpoint";
import { Hosts } from "./cloud/core/hosts";
import { Identities } from "./cloud/core/iam/identities";
import { Registry } from "./cloud/core/registry";
import type { ServedApi, ServedSite, ServedSocket, ServedUrl } from "./cloud/core/served";
import type { KeyOf } from "./cloud/core/signature/verifier";
import type { Change, Credentials } from "./cloud/core/types";
import { readKeys } from "./cloud/issuer/givenKeys";
import { createServices } from "./cloud/services";
import type { Graph } from "./engine/graph";

export type { Change };

export interface ServeOptions {
  /** Where the APIs listen, on 127.0.0.1; 0 picks a free port. */
  port: number;
  /** The folder that keeps tables, buckets, queues, credentials and which invocations were made across runs. @default memory */
  data?: string;
  /** A JSON file, or a folder of them, with the items of tables that do not exist yet: see docs/offline/dynamodb.md. @default none */
  seed?: string;
  /** A JSON Web Key Set: tokens that are signed with its keys are accepted besides those of `pulumi-offline token`. @default none */
  keys?: string;
  /** Where to send the requests of services that are not emulated, by signing name, such as `batch`. */
  endpoints?: Record<string, string>;
  /** Runs the images of Batch jobs with Docker, not their commands as processes of this machine. @default false */
  docker?: boolean;
  /** Opens Node's inspector on port 9229 and lets no function time out. @default false */
  inspect?: boolean;
  /** Host names that the APIs and the endpoint answer to besides those of this machine, such as a tunnel's. @default none */
  allowedHosts?: string[];
  /** Takes each line of the log: requests, invocations, and what functions print. */
  log(line: string): void;
}

/** A program that is being served. */
export interface Server {
  /** The APIs, with the address of each. */
  readonly apis: ServedApi[];
  /** The WebSocket APIs, with the address of each. */
  readonly webSockets: ServedSocket[];
  /** The websites of buckets, the CloudFront distributions and the load balancers of functions, with the address of each. */
  readonly sites: ServedSite[];
  /** The function URLs, with the address of each. */
  readonly functionUrls: ServedUrl[];
  /** The AWS endpoint that functions call, for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** What callers sign with. */
  readonly credentials: Credentials;
  /** Where a debugger connects, when asked to inspect. */
  readonly inspectorUrl?: string;
  /** Why some of the program is not served, one sentence each. */
  readonly problems: string[];
  /**
   * Takes over a later graph of the program. No request is lost: those in flight end on what they began with.
   * @throws Error when a table cannot be changed as the graph says; then everything serves as before
   */
  reconcile(graph: Graph): Promise<Change[]>;
  /** Ends everything it started. */
  close(): Promise<void>;
}

/**
 * Serves a program on this machine: its APIs on one port, and the AWS services that it uses on another.
 * @throws Error when the port is in use, the data folder, the seeds or the keys cannot be used, or an allowed host is not a host name
 */
export async function serve(graph: Graph, options: ServeOptions): Promise<Server> {
  const { endpoints = {}, allowedHosts = [], docker = false, inspect = false } = options;
  // Containers of Docker Desktop know this machine by a name of theirs.
  const hosts = new Hosts(docker ? [...allowedHosts, "host.docker.internal"] : allowedHosts);
  const keys = options.keys === undefined ? [] : readKeys(options.keys);
  const credentials = await findCredentials(options.data);
  const identities = new Identities(credentials, options.log);
  const keyOf: KeyOf = (accessKeyId, service) => identities.keyForService(accessKeyId, service);
  const endpoint = new Endpoint({ credentials, keyOf, endpoints, hosts });
  const url = await endpoint.listen();
  const { services, gateway, functions, sites, sockets } = createServices({
    ...options,
    keys,
    endpoint: url,
    endpoints,
    credentials,
    identities,
    hosts,
    docker,
    inspect,
  });
  const registry = new Registry(services);
  endpoint.serve(registry);
  const close = async () => {
    await endpoint.close();
    await registry.close();
  };
  try {
    await registry.reconcile(graph);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get apis() {
      return gateway.served;
    },
    get webSockets() {
      return sockets();
    },
    get functionUrls() {
      return functions.servedUrls;
    },
    get sites() {
      return sites();
    },
    endpoint: url,
    credentials,
    inspectorUrl: inspector.url(),
    get problems() {
      return registry.problems;
    },
    reconcile: (next) => registry.reconcile(next),
    close,
  };
}
