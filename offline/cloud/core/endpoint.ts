import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { AwsError, notEmulated } from "./awsError";
import { readBody } from "./body";
import { refuse } from "./refusal";
import type { Registry } from "./registry";
import { type Faults, targetOf } from "./service";
import type { Credentials, Scope } from "./types";

export interface EndpointOptions {
  credentials: Credentials;
  /** Where to send the requests of services that are not emulated, by signing name. */
  endpoints: Record<string, string>;
  /** For tests. @default none */
  faults?: Faults;
}

/**
 * The one loopback AWS endpoint (`AWS_ENDPOINT_URL`). It finds the service that a request is for by the scope of its
 * signature, as all services share the address.
 */
export class Endpoint {
  private services: Registry | undefined;
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  /** @throws Error when one of the endpoints is no URL: it names the service */
  constructor(private readonly options: EndpointOptions) {
    for (const [service, url] of Object.entries(options.endpoints)) {
      if (/^https?:\/\//.test(url) && URL.canParse(url)) continue;
      throw new Error(`The endpoint of ${service} is "${url}", but must be a URL such as http://127.0.0.1:4566`);
    }
    // SDKs keep their connections; a new one for each request after a pause of five seconds would cost them.
    this.server.keepAliveTimeout = 60_000;
  }

  /** Listens on a free port of the loopback interface. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(0, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on these services answer. */
  serve(services: Registry): void {
    this.services = services;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      await this.dispatch(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof AwsError) refuse(request, response, error);
      else refuse(request, response, new AwsError("InternalFailure", (error as Error).message, 500));
    }
  }

  private async dispatch(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const scope = readScope(request);
    if (!scope) throw new AwsError("MissingAuthenticationTokenException", "The request is not signed.", 403);
    if (scope.accessKeyId !== this.options.credentials.accessKeyId) {
      const message = `The access key ${scope.accessKeyId} is not the one that start printed.`;
      throw new AwsError("UnrecognizedClientException", message, 403);
    }
    const elsewhere = this.options.endpoints[scope.service];
    if (elsewhere) return forward(request, response, elsewhere, scope);
    const service = this.services?.find(scope.service);
    if (!service?.handle) throw notEmulated(scope.service, scope.service, ` (${describe(request)})`);
    const body = service.streaming ? Buffer.alloc(0) : await readBody(request, service.limit);
    await service.handle({ request, response, scope, body, faults: this.options.faults });
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
function readScope({ headers, url = "/" }: http.IncomingMessage): Scope | undefined {
  const inHeader = /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  const query = new URLSearchParams(url.replace(/^[^?]*/, ""));
  // Version 2 names no scope: S3 alone still takes it, in the presigned URLs that boto3 makes by default.
  const accessKeyIdOfS3 = query.get("AWSAccessKeyId");
  if (accessKeyIdOfS3) return { accessKeyId: accessKeyIdOfS3, region: "", service: "s3" };
  const credential = inHeader ?? query.get("X-Amz-Credential");
  const [accessKeyId, , region, service] = credential?.split("/") ?? [];
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}

function describe(request: http.IncomingMessage): string {
  return targetOf(request) || `${request.method} ${request.url}`;
}

function forward(request: http.IncomingMessage, response: http.ServerResponse, endpoint: string, scope: Scope): void {
  const { method, url = "/", headers } = request;
  const target = new URL(url, endpoint);
  const { request: send } = target.protocol === "https:" ? https : http;
  const onward = send(target, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", ({ message }) => {
    const reason = `${scope.service} does not answer at ${endpoint}: ${message}`;
    if (response.headersSent) response.destroy();
    else refuse(request, response, new AwsError("EndpointUnreachable", reason, 502));
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
