import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import { asText, ownResources } from "../core/resources";
import type { Change } from "../core/types";
import { notFound, readSecret, Secret } from "./secret";

/** The program's secrets. */
export class Secrets {
  private secrets: Secret[] = [];

  get all(): readonly Secret[] {
    return this.secrets;
  }

  reconcile(graph: Graph): Change[] {
    const versions = ownResources(graph, "aws:secretsmanager/secretVersion:SecretVersion");
    const next = ownResources(graph, "aws:secretsmanager/secret:Secret").map((secret) => {
      const { arn, name, id } = secret.settings;
      return readSecret(
        secret,
        versions.findLast(({ settings }) => [arn, name, id].includes(asText(settings.secretId))),
      );
    });
    const changes = compare(
      "secret",
      this.secrets.map(({ definition }) => definition),
      next,
    );
    this.secrets = next.map((definition) => {
      const known = this.secrets.find((one) => one.definition.arn === definition.arn);
      known?.reconcile(definition);
      return known ?? new Secret(definition);
    });
    return changes;
  }

  /** By name, ARN, or ARN without the random end. @throws AwsError if there is none */
  find(id: string): Secret {
    const found = this.secrets.find(
      ({ definition: { arn, name } }) => id === name || id === arn || id === arn.replace(/-[^-]{6}$/, ""),
    );
    if (!found) throw notFound();
    return found;
  }
}
