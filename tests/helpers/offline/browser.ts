import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { json } from "node:stream/consumers";
import { temporaryFolder } from "../temporaryFolder";

/** What a page's script can read of an answer; nothing but the error if the browser keeps the answer from it. */
export interface Seen {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  error?: string;
}

/** A request that a page makes with `fetch`, with its cookies. */
export interface Call {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Chromium: what CHROME_PATH names, or what is on the PATH. */
export function chromium(): string | undefined {
  const { CHROME_PATH, PATH = "" } = process.env;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = PATH.split(path.delimiter).flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...(CHROME_PATH ? [CHROME_PATH] : []), ...places].find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The site of a page, which a browser can open by two names: two origins, of which an API may know one. */
export interface Site {
  origin: string;
  otherOrigin: string;
  /** Opens the page of an origin in the browser and makes the calls there, one after another. */
  call(browser: string, origin: string, calls: Call[]): Promise<Seen[]>;
  close(): void;
}

export async function startSite(): Promise<Site> {
  let calls: Call[] = [];
  let report: (seen: Seen[]) => void = () => {};
  const server = http.createServer(async (request, response) => {
    if (request.method === "POST") report((await json(request)) as Seen[]);
    response
      .setHeader("content-type", "text/html")
      .end(`<!doctype html><script>(${script})(${JSON.stringify(calls)})</script>`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    otherOrigin: `http://localhost:${port}`,
    async call(browser, origin, made) {
      calls = made;
      const seen = new Promise<Seen[]>((resolve) => {
        report = resolve;
      });
      // The sandbox does not run as root; the pages are our own.
      const options = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${temporaryFolder()}`];
      const child = spawn(browser, [...options, origin], { stdio: "ignore", detached: true });
      const ended = once(child, "exit");
      try {
        return await Promise.race([
          seen,
          ended.then(([code]) => Promise.reject(new Error(`${browser} ended: ${code}`))),
        ]);
      } finally {
        // Its helper processes are of its group.
        if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
        await ended;
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Runs in the page. */
const script = `async (calls) => {
  const seen = [];
  for (const { url, ...init } of calls) {
    try {
      const answer = await fetch(url, { credentials: "include", ...init });
      seen.push({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
    } catch (error) {
      seen.push({ error: error.name });
    }
  }
  await fetch("/", { method: "POST", body: JSON.stringify(seen) });
}`;
