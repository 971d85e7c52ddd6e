import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call, Service } from "../core/service";
import { type Accepted, claimsFor, type TokenRequest } from "./claims";
import type { LocalIssuer } from "./localIssuer";

interface Options {
  issuer: LocalIssuer;
  /** The address of the endpoint. */
  endpoint: string;
  /** What tokens the program's APIs accept. */
  accepted(): Accepted[];
}

/**
 * Signs tokens for `pulumi-offline token`, a service of our own, and publishes the keys as OpenID Connect's discovery does,
 * below any path.
 */
export class IssuerService implements Service {
  readonly signingNames = ["offline-issuer"];

  constructor(private readonly options: Options) {}

  async handle({ body, response }: Call): Promise<void> {
    const { issuer, accepted } = this.options;
    const request = JSON.parse(body.toString()) as TokenRequest;
    sendJson(response, { token: await issuer.sign(claimsFor(request, accepted(), Date.now())) });
  }

  async handleUnsigned({ method, url = "/" }: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [, path = "", what] = /^([^?#]*)\/\.well-known\/(openid-configuration|jwks\.json)$/.exec(url) ?? [];
    if (method !== "GET" || !what) return false;
    const issuer = `${this.options.endpoint}${path}`;
    const discovery = {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ["token", "id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
    sendJson(response, what === "jwks.json" ? await this.options.issuer.keySet() : discovery);
    return true;
  }
}

function sendJson(response: ServerResponse, value: object): void {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
}
