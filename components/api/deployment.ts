import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * What triggers a deployment: a stage serves a snapshot, so any change to the API needs a new one. Tags are no part of
 * what is served.
 */
export function triggersOf({ tags: _, ...apiArgs }: { tags?: unknown }): { digest: pulumi.Output<string> } {
  const digest = pulumi.jsonStringify(apiArgs).apply((snapshot) => createHash("sha256").update(snapshot).digest("hex"));
  return { digest };
}
