import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fixture } from "./fixture";
import { gravitonModule } from "./graviton";
import { lastDaysModule } from "./lastDays";
import { models } from "./models";
import { install } from "./packages";

/** The generated files, by their paths in this repository, from a folder with the packages. */
export const generators: Record<string, (folder: string) => string> = {
  "components/graviton/data.ts": gravitonModule,
  "policies/quality/lambda/lastDays.ts": lastDaysModule,
  "tests/fixtures/instanceTypes.json": fixture,
  ...models,
};

/** @param files the beginning of their paths */
function refresh(files: string): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "refresh-"));
  try {
    install(folder);
    for (const [file, generate] of Object.entries(generators).filter(([file]) => file.startsWith(files))) {
      fs.writeFileSync(path.join(__dirname, "..", file), generate(folder));
      console.log(`wrote ${file}`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

if (require.main === module) refresh(process.argv[2] ?? "");
