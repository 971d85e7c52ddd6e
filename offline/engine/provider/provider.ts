import type { Context } from "../context";
import type { Resource } from "../graph";
import { providedPackage } from "../urn";
import { type Properties, reveal, Secret } from "../values";
import { awsFunctions } from "./aws/functions";
import { checkAwsConfig } from "./checkConfig";
import { Deployed } from "./deployed";
import { plausible } from "./plausible";
import { type Field, Shapes } from "./shapes";
import { readStack, stackReferenceType } from "./stackReferences";

export interface Created {
  made: Pick<Resource, "id" | "outputs">;
  /** The resources inside a remote component, which its outputs refer to. */
  parts: Resource[];
}

/**
 * Stands in for the plugins of all packages and the cloud behind them. Its answers have the form of real ones.
 * @see https://www.pulumi.com/docs/iac/concepts/providers/ for the terms
 */
export class Provider {
  private readonly shapes: Shapes;
  private readonly warned = new Set<string>();

  constructor(
    private readonly context: Pick<
      Context,
      "workingDirectory" | "dryRun" | "unknowns" | "graph" | "lookups" | "report"
    >,
  ) {
    this.shapes = new Shapes(context.workingDirectory);
  }

  /** The outputs of a new resource, and its id, which components and unknown resources do not have. */
  create(resource: Resource, region: string): Created {
    const { custom, inputs, options, type } = resource;
    if (providedPackage(type) === "aws") this.checkAws(resource);
    const deployed = this.deployed(resource, region);
    const answered = this.context.unknowns ? deployed.unknowns() : deployed.outputs();
    const outputs = type === "pulumi:index:Stash" ? { ...answered, output: inputs.input ?? null } : answered;
    const id = options.import ?? (custom && !this.context.unknowns ? deployed.id() : undefined);
    const made = { ...(id !== undefined && { id }), outputs: withSecrets(outputs, options.additionalSecretOutputs) };
    return { made, parts: [...deployed.parts.values()] };
  }

  /** The outputs of an existing resource, also in a preview. */
  read(resource: Resource, region: string): Properties {
    if (resource.type === stackReferenceType) return readStack(resource, this.context);
    return withSecrets(this.deployed(resource, region).outputs(), resource.options.additionalSecretOutputs);
  }

  /**
   * The result of a function.
   * @throws Error like the provider's when it is to find nothing, unless its result is a list
   */
  invoke(token: string, args: Properties, region: string): Properties {
    const fields = this.shapes.ofResult(token);
    if (this.context.lookups.findsNothing(token)) return { ...nothing(token, fields ?? []), ...args };
    const known = awsFunctions[token];
    if (!fields && !known) {
      this.warn(token, `The function ${token} is unknown: its result is its arguments and an id.`);
    }
    const seed = `${token} ${JSON.stringify(reveal(args))}`;
    const name = (token.split(":")[2] ?? token).replace(/^get/, "").toLowerCase();
    const guess = (field: Field) => [field.name, plausible(field, { seed, name, token, region })];
    const guesses = (fields ?? [idField]).filter(({ optional }) => !optional).map(guess);
    return {
      ...Object.fromEntries(guesses.filter(([, value]) => value !== undefined)),
      ...args,
      ...known?.(reveal(args) as Record<string, unknown>, region),
    };
  }

  /** The result of a resource's method: empty, as no provider runs. */
  call(token: string): Properties {
    this.warn(token, `${token} runs in its provider, which does not run here: its result is empty.`);
    return {};
  }

  /** Only warns about a program's own provider: the SDK makes it skip its check, whatever the program says. */
  private checkAws({ urn, inputs }: Resource): void {
    const { region } = reveal(inputs) as Record<string, unknown>;
    for (const { property, reason } of checkAwsConfig({ region }, this.context.workingDirectory)) {
      this.context.report({ severity: "warning", message: `"${property}" ${reason}`, urn });
    }
  }

  private deployed(resource: Resource, region: string): Deployed {
    return new Deployed(resource, this.shapes, region, { dryRun: this.context.dryRun });
  }

  private warn(token: string, message: string): void {
    if (this.warned.has(token)) return;
    this.warned.add(token);
    this.context.report({ severity: "warning", message });
  }
}

/** Functions that return ids find none; any other one fails. */
function nothing(token: string, fields: Field[]): Properties {
  const lists = fields.filter(({ shape }) => shape.kind === "list");
  if (lists.some(({ name }) => name === "ids")) return Object.fromEntries(lists.map(({ name }) => [name, []]));
  const why = `nothing was found, as asked for with --lookup ${token}=none`;
  throw new Error(`invocation of ${token} returned an error: invoking ${token}: 1 error occurred:\n\t* ${why}`);
}

const idField: Field = { name: "id", shape: { kind: "string" }, optional: false, configurable: false };

function withSecrets(outputs: Properties, names: string[] = []): Properties {
  const secrets = names.flatMap((name) => {
    const value = outputs[name];
    return value === undefined || value instanceof Secret ? [] : [[name, new Secret(value)]];
  });
  return { ...outputs, ...Object.fromEntries(secrets) };
}
