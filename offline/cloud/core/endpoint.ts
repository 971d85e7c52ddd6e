import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { AwsError, notEmulated } from "./awsError";
import { type BodyLimit, readBody } from "./body";
import { Hosts } from "./hosts";
import { answerBothVersions } from "./httpVersions";
import { closeServer } from "./listeners";
import { refuse } from "./refusal";
import type { Registry } from "./registry";
import { type Call, type Hook, targetOf } from "./service";
import { announcedPayload, payloadOf } from "./signature/payload";
import { isSignedByV2, verifyV2 } from "./signature/presignedV2";
import { readSignature, type Signature, withoutSignature } from "./signature/signature";
import { type KeyOf, onlyKey, sha256, Verifier } from "./signature/verifier";
import type { Credentials } from "./types";

export interface EndpointOptions {
  credentials: Credentials;
  /** The keys that callers sign with. @default only the credentials */
  keyOf?: KeyOf;
  /** Where to forward the requests of services that run elsewhere, by signing name. */
  endpoints: Record<string, string>;
  /** The host names that it answers to. @default this machine's own */
  hosts?: Hosts;
  /** Run before each operation. @default none */
  hooks?: readonly Hook[];
}

/**
 * The one loopback AWS endpoint (`AWS_ENDPOINT_URL`), which speaks HTTP/1.1 and HTTP/2. It finds the service that a
 * request is for by the scope of its signature, as all services share the address.
 */
export class Endpoint {
  private services: Registry | undefined;
  private readonly verifier: Verifier;
  private readonly hosts: Hosts;
  private readonly listener: http.RequestListener = (request, response) => void this.answer(request, response);
  private readonly server = http.createServer(this.listener);
  private readonly endHttp2 = answerBothVersions(this.server, this.listener);

  /** @throws Error that names a service whose endpoint is not a URL */
  constructor(private readonly options: EndpointOptions) {
    this.verifier = new Verifier(options.keyOf ?? onlyKey(options.credentials));
    this.hosts = options.hosts ?? new Hosts();
    for (const [service, url] of Object.entries(options.endpoints)) {
      if (/^https?:\/\//.test(url) && URL.canParse(url)) continue;
      throw new Error(`The endpoint of ${service} is "${url}", but must be a URL such as http://127.0.0.1:4566`);
    }
    // SDKs reuse connections; Node's default of five seconds would make them reconnect after every pause.
    this.server.keepAliveTimeout = 60_000;
  }

  /** Listens on a free port of the loopback interface. */
  async listen(): Promise<string> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the services that answer. */
  serve(services: Registry): void {
    this.services = services;
  }

  async close(): Promise<void> {
    this.endHttp2();
    await closeServer(this.server);
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      await this.dispatch(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else refuse(request, response, error);
    }
  }

  private async dispatch(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const refusal = this.hosts.refusal(request);
    if (refusal) throw new AwsError("MisdirectedRequest", refusal, 421);
    if (!request.headers.authorization && (await this.services?.handleUnsigned(request, response))) return;
    const now = Date.now();
    const signature = isSignedByV2(request) ? undefined : readSignature(request);
    if (signature) this.verifier.checkFacts(request, signature, now);
    const scope = signature ?? verifyV2(request, this.verifier, now);
    const { endpoints, hooks = [] } = this.options;
    const elsewhere = Object.hasOwn(endpoints, scope.service) ? endpoints[scope.service] : undefined;
    const service = elsewhere === undefined ? this.services?.find(scope.service) : undefined;
    if (elsewhere === undefined && !service?.handle) {
      throw notEmulated(scope.service, scope.service, ` (${describe(request)})`);
    }
    const limit = elsewhere === undefined ? service?.limit : UNLIMITED;
    const verified = signature ? await this.verify(request, signature, limit) : { body: EMPTY, payload: {} };
    const call = { request, response, scope, hooks, ...verified };
    if (elsewhere !== undefined) forward(call, elsewhere);
    else await service?.handle?.(call);
  }

  /** Verifies a request with its body, or for S3 with the announced hash of the body. */
  private async verify(request: http.IncomingMessage, signature: Signature, limit?: BodyLimit) {
    if (signature.service === "s3") {
      const announced = announcedPayload(request, signature);
      this.verifier.verify(request, signature, announced);
      return { body: EMPTY, payload: payloadOf(announced, this.verifier, signature) };
    }
    const body = await readBody(request, limit);
    this.verifier.verify(request, signature, sha256(body));
    return { body, payload: {} };
  }
}

const EMPTY = Buffer.alloc(0);
const UNLIMITED: BodyLimit = { bytes: Number.POSITIVE_INFINITY, error: new Error("the body is too large") };

function describe(request: http.IncomingMessage): string {
  return targetOf(request) || `${request.method} ${withoutSignature(request.url ?? "/")}`;
}

function forward({ request, response, scope, body }: Call, endpoint: string): void {
  const { method, url = "/", headers } = request;
  const target = new URL(url, endpoint);
  const { request: send } = target.protocol === "https:" ? https : http;
  const onward = send(target, { method, headers }, (answer) => {
    response.writeHead(
      answer.statusCode ?? 502,
      request.httpVersionMajor === 2 ? lasting(answer.headers) : answer.headers,
    );
    answer.pipe(response);
  });
  onward.on("error", ({ message }) => {
    const reason = `${scope.service} does not answer at ${endpoint}: ${message}`;
    if (response.headersSent) response.destroy();
    else refuse(request, response, new AwsError("EndpointUnreachable", reason, 502));
  });
  response.on("close", () => onward.destroy());
  if (request.readableEnded) onward.end(body);
  else request.pipe(onward);
}

/** Headers without those of the connection, which HTTP/2 does not have. */
function lasting(headers: http.IncomingHttpHeaders): http.IncomingHttpHeaders {
  const { connection, "keep-alive": keepAlive, "transfer-encoding": encoding, upgrade, ...others } = headers;
  return others;
}
