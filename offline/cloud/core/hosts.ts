import type { IncomingMessage } from "node:http";

/** The bucket before `localhost` in a Host header, where SDKs put it if their endpoint is `http://localhost`. */
export function bucketInHost(host = ""): string | undefined {
  return /^(.+)\.localhost(?::\d+)?$/i.exec(host)?.[1];
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127\.0\.0\.1|\[::1\])$/i;
/** Where SDKs send calls to when they take the host from a queue's URL. No attacker can point these names elsewhere. */
const SQS = /^(?:sqs\.[\w-]+|[\w-]+\.queue|queue)\.amazonaws\.com(?:\.cn)?$/i;
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/i;

/** Media types that a page may POST to any origin without a preflight. */
const SIMPLE_TYPES = /^(?:|text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)$/i;

/**
 * Decides which requests are meant for this machine. An attacker can point a name at 127.0.0.1 (DNS rebinding): a page
 * of that name then has the same origin as the server, so that the browser lets it read and write.
 */
export class Hosts {
  /**
   * @param allowed names besides those of this machine, on any port
   * @throws Error when one is not a host name
   */
  constructor(private readonly allowed: string[] = []) {
    for (const name of allowed) {
      if (NAME.test(name)) continue;
      throw new Error(
        `"${name}" cannot be allowed as a host: give a name such as app.example.test, without scheme and port`,
      );
    }
  }

  /** Why a request is refused for its Host header; undefined when it is not. */
  refusal({ headers: { host = "" }, socket }: IncomingMessage): string | undefined {
    const [, name = "", port = "80"] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    if (this.isAllowed(name) || SQS.test(name) || (LOOPBACK.test(name) && Number(port) === socket.localPort))
      return undefined;
    return `This server answers to localhost:${socket.localPort} and 127.0.0.1:${socket.localPort}, not to "${host}": ${advice(name)}`;
  }

  /**
   * Why a request is refused for the page that sent it: the page is foreign, and browsers send this POST without a
   * preflight. Requests with a preflight are left to the API's own CORS.
   */
  refusalOfPage({ method, headers }: IncomingMessage): string | undefined {
    const { origin, "content-type": type = "" } = headers;
    if (method !== "POST" || !SIMPLE_TYPES.test(type.replace(/;.*/s, "").trim()) || this.isOurs(origin))
      return undefined;
    return `The page ${origin} may not send this POST, which browsers send without a preflight: ${advice(hostOf(origin))}`;
  }

  /** Why a WebSocket connection is refused for the page that asks for it: browsers let any page connect to any origin. */
  refusalOfSocket({ headers: { origin } }: IncomingMessage): string | undefined {
    if (this.isOurs(origin)) return undefined;
    return `The page ${origin} may not connect, which browsers leave to the server: ${advice(hostOf(origin))}`;
  }

  private isOurs(origin: string | undefined): boolean {
    const name = hostOf(origin);
    return origin === undefined || this.isAllowed(name) || LOOPBACK.test(name);
  }

  private isAllowed(name: string): boolean {
    return this.allowed.some((one) => one.toLowerCase() === name.toLowerCase());
  }
}

function hostOf(origin = ""): string {
  return URL.canParse(origin) ? new URL(origin).hostname : "";
}

function advice(name: string): string {
  return NAME.test(name) ? `start with --allow-host ${name} to allow that` : "only host names can be allowed";
}
