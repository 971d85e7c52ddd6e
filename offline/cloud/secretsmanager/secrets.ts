import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import { asText, ownResources } from "../core/resources";
import type { Change } from "../core/types";
import { keepWriteOnly, notFound, readSecret, Secret, type SecretDefinition } from "./secret";

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
      const own = versions.filter(({ settings }) => [arn, name, id].includes(asText(settings.secretId)));
      const definition = readSecret(secret, own);
      return keepWriteOnly(definition, this.knownAs(definition)?.definition);
    });
    const changes = compare(
      "secret",
      this.secrets.map(({ definition }) => definition),
      next,
    );
    this.secrets = next.map((definition) => {
      const known = this.knownAs(definition);
      known?.reconcile(definition);
      return known ?? new Secret(definition);
    });
    return changes;
  }

  private knownAs({ arn }: SecretDefinition): Secret | undefined {
    return this.secrets.find(({ definition }) => definition.arn === arn);
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
