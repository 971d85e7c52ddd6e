import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createConsumer } from "../tests/helpers/packages/consumer";

export const root = path.resolve(__dirname, "..");
export const offline = path.join(root, "offline/bin.js");

const program = [
  ...readdirSync(root).filter((name) => name.endsWith(".ts")),
  "handlers",
  "jobs",
  "package.json",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "tsconfig.json",
  "tsconfig.pulumi.json",
];

/** A temporary folder that is removed when `use` ends. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "graviton-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the program that a bench may edit. It uses this checkout's libraries, unless others are installed. */
export function copyProgram(folder: string): void {
  for (const name of program) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  const modules = path.join(folder, "node_modules");
  if (!existsSync(modules)) symlinkSync(path.join(root, "node_modules"), modules);
}

/** The part of the program that the peers also have: the items API. */
const itemsAlone = `import { ItemsTable, LambdaFunction, ServerlessApi } from "pulumi-graviton";
import { servedBy } from "./handlers/http/router";
import { itemsRoutes } from "./handlers/items/routes";

const records = new ItemsTable("records", { ttlAttribute: "expiresAt" });
const items = new LambdaFunction("items", {
  entry: "handlers/items.ts",
  access: [new ItemsTable("items").access("crud"), records.access("crud", { environmentName: "RECORDS_TABLE_NAME" })],
});
export const { url } = new ServerlessApi("api", { routes: servedBy(itemsRoutes, items), auth: "none" });
`;

/** {@link copyProgram} with the items API alone, for comparison with the peers. */
export function copyItems(folder: string): void {
  copyProgram(folder);
  writeFileSync(path.join(folder, "index.ts"), itemsAlone);
}

/** {@link copyItems} with the packages installed from their tarballs, as others use them. */
export async function installItems(): Promise<string> {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const folder = await createConsumer({}, {}, Object.keys(dependencies));
  copyItems(folder);
  return folder;
}
