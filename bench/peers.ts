/**
 * The same API on its peers, osls with serverless-offline and the Architect sandbox, installed into a temporary folder.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Service } from "./measure";

const packages = {
  private: true,
  dependencies: {
    serverless: "npm:osls@^4.3.1",
    "serverless-offline": "^14.8.2",
    "@architect/sandbox": "^9.0.0",
  },
};

/** Installs both and writes the app for each. Throws if the registry is unreachable. */
export function installPeers(folder: string, bundle: string, environment: Record<string, string>): Service[] {
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(packages));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts"], {
    cwd: folder,
    stdio: "ignore",
  });
  return [serverlessOffline(folder, bundle, environment), architect(folder, bundle, environment)];
}

function serverlessOffline(folder: string, bundle: string, environment: Record<string, string>): Service {
  const cwd = path.join(folder, "serverless-app");
  mkdirSync(cwd);
  copyFileSync(bundle, path.join(cwd, "items.js"));
  writeFileSync(path.join(cwd, "package.json"), "{}");
  const service = {
    service: "bench",
    provider: { name: "aws", runtime: "nodejs20.x", region: "us-east-1", environment },
    plugins: ["serverless-offline"],
    functions: { items: { handler: "items.handler", events: [{ http: { path: "items", method: "get" } }] } },
  };
  writeFileSync(path.join(cwd, "serverless.yml"), JSON.stringify(service));
  const command = ["offline", "--httpPort", "4101", "--lambdaPort", "4102", "--noPrependStageInUrl"];
  return {
    name: "serverless-offline",
    command: [path.join(folder, "node_modules/.bin/osls"), ...command],
    cwd,
    url: "http://localhost:4101/items",
  };
}

function architect(folder: string, bundle: string, environment: Record<string, string>): Service {
  const cwd = path.join(folder, "architect-app");
  const source = path.join(cwd, "src/http/get-items");
  mkdirSync(source, { recursive: true });
  copyFileSync(bundle, path.join(source, "items.js"));
  const adapter = `const { handler } = require("./items.js");
exports.handler = (event) => handler({ httpMethod: "GET", path: event.rawPath, resource: event.rawPath,
  headers: event.headers, queryStringParameters: event.queryStringParameters ?? null, body: null, isBase64Encoded: false,
  requestContext: { requestId: "bench", identity: {} } });`;
  writeFileSync(path.join(source, "index.js"), adapter);
  writeFileSync(path.join(cwd, "app.arc"), "@app\nbench\n@http\nget /items\n@aws\nruntime nodejs20.x\n");
  const settings = Object.entries(environment).map(([name, value]) => `  ${name} ${value}`);
  writeFileSync(path.join(cwd, "preferences.arc"), `@env\ntesting\n${settings.join("\n")}\n`);
  return {
    name: "Architect sandbox",
    command: [path.join(folder, "node_modules/.bin/sandbox"), "--port", "4103"],
    cwd,
    url: "http://localhost:4103/items",
  };
}
