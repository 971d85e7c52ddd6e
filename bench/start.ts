import { mkdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { handlerBundle } from "./bundle";
import { medianStart, type Service } from "./measure";
import { installPeers } from "./peers";
import { copyItems, copyProgram, installItems, offline, root, withFolder } from "./project";
import type { Row } from "./report";
import { startTables } from "./tables";

const RUNS = 7;

/** From the start of the process to the first 200 of GET /items. */
export function start(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const tables = await startTables();
    try {
      const bundle = await handlerBundle();
      const peers = installPeers(folder, bundle, tables.environment);
      const reference = new Map<string, number>();
      for (const peer of peers) reference.set(peer.name, await medianStart(peer, RUNS));
      const installed = ours(await installItems(), "node_modules/pulumi-offline/bin.js");
      const installedFirst = await medianStart(installed.service, RUNS, installed.forget);
      const installedLater = await medianStart(installed.service, RUNS);
      const items = ours(copied(folder, "items", copyItems));
      const first = await medianStart(items.service, RUNS, items.forget);
      const later = await medianStart(items.service, RUNS);
      const { service, forget } = ours(copied(folder, "program", copyProgram));
      const wholeFirst = await medianStart(service, RUNS, forget);
      const whole = await medianStart(service, RUNS);
      const checked = await medianStart(withPolicies(service), RUNS);
      const floor = await medianStart(floorService(bundle), RUNS);
      return [
        {
          what: "first start of the items API with the packages installed, against serverless-offline",
          measured: installedFirst,
          reference: reference.get("serverless-offline"),
          unit: "ms",
          limit: { atMost: 0.8 },
        },
        {
          what: "later starts of the items API with the packages installed, against serverless-offline",
          measured: installedLater,
          reference: reference.get("serverless-offline"),
          unit: "ms",
          limit: { atMost: 0.45 },
        },
        {
          what: "first start of the items API in the repository, against serverless-offline",
          measured: first,
          reference: reference.get("serverless-offline"),
          unit: "ms",
        },
        {
          what: "later starts of the items API in the repository, against serverless-offline",
          measured: later,
          reference: reference.get("serverless-offline"),
          unit: "ms",
          limit: { atMost: 0.45 },
        },
        {
          what: "later starts of the items API, against the Architect sandbox",
          measured: later,
          reference: reference.get("Architect sandbox"),
          unit: "ms",
        },
        { what: "later starts of the items API, against the floor", measured: later, reference: floor, unit: "ms" },
        {
          what: "first start of the whole program, against the items API's",
          measured: wholeFirst,
          reference: first,
          unit: "ms",
        },
        {
          what: "later starts of the whole program, against the items API's",
          measured: whole,
          reference: later,
          unit: "ms",
        },
        {
          what: "later starts of the whole program with the policies",
          measured: checked,
          reference: whole,
          unit: "ms",
          limit: { atMost: 1.2 },
        },
      ];
    } finally {
      await tables.close();
    }
  });
}

export function floorService(bundle: string): Service {
  const command = [process.execPath, "--require", "tsx/cjs", path.join(__dirname, "floor.ts"), bundle, "4104"];
  return { name: "floor", command, cwd: root, url: "http://127.0.0.1:4104/items" };
}

/** As `npm start` does. */
function withPolicies(service: Service): Service {
  return { ...service, command: [...service.command, "--policy-pack", path.join(root, "policies")] };
}

function copied(parent: string, name: string, copy: (folder: string) => void): string {
  const folder = path.join(parent, name);
  mkdirSync(folder);
  copy(folder);
  return folder;
}

function ours(folder: string, command = offline): { service: Service; forget(): void } {
  const temporary = path.join(folder, "tmp");
  const forget = () => {
    for (const cache of [temporary, path.join(folder, ".cache")]) rmSync(cache, { recursive: true, force: true });
    mkdirSync(temporary);
  };
  forget();
  const service = {
    name: "pulumi-offline",
    command: [process.execPath, path.resolve(folder, command), "start", "--port", "4105"],
    cwd: folder,
    env: { TMPDIR: temporary, XDG_CACHE_HOME: temporary },
    url: "http://127.0.0.1:4105/Prod/items",
  };
  return { service, forget };
}
