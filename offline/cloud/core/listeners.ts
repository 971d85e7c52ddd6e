import { hash } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { answerUnreadable } from "./unreadable";

/** A site that is to be served. */
export interface Wanted<Site> {
  /** Identifies it from one graph to the next. */
  key: string;
  site: Site;
  /** The preferred port; it gets a free one if something else listens there. 0 always picks a free one. */
  port: number;
}

interface Listener<Site> {
  site: Site;
  server: http.Server;
}

const MAX_PORT = 65_535;

const FIRST_STABLE_PORT = 20_000;
const STABLE_PORTS = 10_000;

/** A port that is the same in each run, for what has the same key. */
export function stablePort(key: string): number {
  return FIRST_STABLE_PORT + (Number.parseInt(hash("sha256", key).slice(0, 8), 16) % STABLE_PORTS);
}

/** Serves sites on one loopback port each, because on AWS each of them has an origin of its own. */
export class Listeners<Site> {
  private readonly listeners = new Map<string, Listener<Site>>();
  private closed = false;

  /** @param answer answers a request to a site; if it rejects, the connection is broken off */
  constructor(
    private readonly answer: (
      site: Site,
      request: http.IncomingMessage,
      response: http.ServerResponse,
    ) => Promise<void>,
    private readonly log: (line: string) => void,
  ) {}

  /** Switches to other sites. A site that stays keeps its port. */
  async reconcile(wanted: Wanted<Site>[]): Promise<void> {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { server }] of this.listeners) {
      if (keys.has(key)) continue;
      this.listeners.delete(key);
      await closeServer(server);
    }
    for (const { key, site, port } of wanted) {
      const known = this.listeners.get(key);
      if (known) known.site = site;
      else await this.open(key, site, port);
    }
  }

  /** The address of a site, with a trailing slash; undefined if it is not served. */
  urlOf(key: string): string | undefined {
    const server = this.listeners.get(key)?.server;
    return server && `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.listeners.values()].map(({ server }) => closeServer(server)));
    this.listeners.clear();
  }

  /** Opens nothing once it is closed, which may happen while a graph is being taken over. */
  private async open(key: string, site: Site, port: number): Promise<void> {
    const server = http.createServer((request, response) => {
      this.answer(listener.site, request, response).catch(({ message }: Error) => {
        this.log(`error: ${message}`);
        response.destroy();
      });
    });
    const listener: Listener<Site> = { site, server };
    answerUnreadable(server, this.log);
    const listening = (wanted: number) => once(server.listen(wanted, "127.0.0.1"), "listening");
    await listening(port > MAX_PORT ? 0 : port).catch(() => listening(0));
    if (this.closed) await closeServer(server);
    else this.listeners.set(key, listener);
  }
}

/** Ends a server together with the connections that it has. */
export async function closeServer(server: http.Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
