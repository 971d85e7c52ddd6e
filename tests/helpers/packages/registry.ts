import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { root } from "../../../packaging/packages";

/** A registry of packages on this machine. */
export interface Registry {
  url: string;
  /** The names that it was asked for. */
  asked: string[];
  close(): void;
}

/** Starts a registry that describes, but does not contain, the third-party packages that this repository has installed. */
export async function startRegistry(): Promise<Registry> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? "").slice(1);
    asked.push(name);
    const file = path.join(root, "node_modules", name, "package.json");
    if (!fs.existsSync(file)) return response.writeHead(404).end("{}");
    const { version } = JSON.parse(fs.readFileSync(file, "utf8"));
    const dist = { tarball: `http://127.0.0.1:1/${name}.tgz`, shasum: "0".repeat(40) };
    const described = { name, "dist-tags": { latest: version }, versions: { [version]: { name, version, dist } } };
    return response.end(JSON.stringify(described));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, asked, close: () => server.close() };
}
