import type { Command } from "commander";
import type * as coverageModule from "../cloud/coverage";

/** Adds the command `services`. */
export function addServices(program: Command): void {
  program
    .command("services [service]")
    .description("list the operations of each AWS service that start emulates, and those that it does not")
    .option("--json", "print one JSON document")
    .action((service: string | undefined, { json }: { json?: boolean }) => {
      // Only this command needs every service.
      const { coverage } = require("../cloud/coverage") as typeof coverageModule;
      const all = coverage();
      const chosen = all.filter((one) => service === undefined || [one.service, ...one.models].includes(service));
      if (chosen.length === 0) {
        throw new Error(
          `The service "${service}" is not emulated. Use one of ${all.map((one) => one.service).join(", ")}`,
        );
      }
      process.stdout.write(json ? `${JSON.stringify(chosen, null, 2)}\n` : chosen.map(show).join("\n"));
    });
}

function show({ service, emulated, notEmulated }: coverageModule.Coverage): string {
  const total = emulated.length + notEmulated.length;
  const lines = [`${service}: ${emulated.length} of ${total} operations`, `  emulated: ${emulated.join(", ")}`];
  return `${[...lines, `  not emulated: ${notEmulated.join(", ") || "none"}`].join("\n")}\n`;
}
