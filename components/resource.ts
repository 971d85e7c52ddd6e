import * as pulumi from "@pulumi/pulumi";
import { checkArguments, type Kind } from "./arguments";
import { isLater } from "./schema/check";

/** What other languages call the package. Every component's type in a stack's state begins with it. */
export const packageName = "graviton";

type Aliases = NonNullable<pulumi.ComponentResourceOptions["aliases"]>;

/** What sets one kind of component apart from the others. */
interface ComponentKind<Args, Self> extends Kind<Args> {
  /** Outputs that every instance has. A reference to an instance elsewhere is filled with them. */
  outputs: readonly (keyof Self & string)[];
  /** Outputs that depend on the arguments. A reference does not have them. @default none */
  optionalOutputs?: readonly (keyof Self & string)[];
}

/** The output, known only once the resources exist, so that everything that uses it is switched over after that. */
export function onceReady<T>(output: pulumi.Output<T>, resources: pulumi.Resource[]): pulumi.Output<T> {
  if (resources.length === 0) return output;
  return pulumi.all(resources.map(({ urn }) => urn)).apply(() => output);
}

/**
 * The frame of every component: its arguments are checked before anything is registered, its children are created, and
 * its outputs are registered.
 *
 * Pulumi's schema analyzer recognizes a class as a component only if it extends a `ComponentResource` that is declared
 * in a file called `resource.ts`: hence both names.
 */
export abstract class ComponentResource<Args extends object, Self> extends pulumi.ComponentResource {
  private readonly isProtected: boolean;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(kind: ComponentKind<Args, Self>, name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const isReference = opts?.urn !== undefined;
    const checked = isReference ? args : checkArguments(kind, name, args, new.target);
    const sought = isReference ? kind.outputs : [];
    const token = `${packageName}:index:${kind.type}`;
    const aliases = withEarlierType(kind.type, opts?.aliases);
    // All children would inherit the protection, also those that a change of the arguments removes.
    const own = isReference ? opts : { ...opts, protect: false, aliases };
    super(token, name, Object.fromEntries(sought.map((output) => [output, undefined])), own);
    this.isProtected = opts?.protect ?? inheritedProtection(opts?.parent);
    if (isReference) return;
    this.create(name, checked, firstNameOf(name, opts?.aliases));
    const outputs = [...kind.outputs, ...(kind.optionalOutputs ?? [])];
    this.registerOutputs(Object.fromEntries(outputs.map((output) => [output, this[output as keyof this]])));
  }

  /**
   * Creates the children, and sets the fields.
   * @param name the children's names begin with it, so that Pulumi finds those of a renamed component by its alias
   * @param firstName the name before any renaming, for content that must stay as it was
   */
  protected abstract create(name: string, args: Args, firstName: string): void;

  /**
   * The options of the child that the component stands for, and of those that hold its data or its key: the component's
   * `protect` covers these, and everything else can still change with the arguments.
   */
  protected guarded(): { parent: pulumi.Resource; protect: boolean } {
    return { parent: this, protect: this.isProtected };
  }

  /** Sets fields, which are read-only to everyone else. */
  protected set(fields: Partial<Self>): void {
    Object.assign(this, fields);
  }
}

/**
 * Components in the state of a stack may still have the type that they had before the package was called `graviton`,
 * under their own name or under the one that an alias gives. Pulumi does not combine aliases, so this does.
 */
function withEarlierType(component: string, aliases: Aliases = []): Aliases {
  const type = `pulumi-graviton:index:${component}`;
  const renamed = aliases.flatMap((alias) => {
    return typeof alias === "string" || isLater(alias) ? [] : [{ type, ...(alias as pulumi.Alias) }];
  });
  return [...aliases, ...renamed, { type }];
}

/** The first name that an alias gives, or the component's own. A name that is known only later does not count. */
function firstNameOf(name: string, aliases: Aliases = []): string {
  const names = aliases.map((alias) => {
    if (typeof alias === "string") return alias.split("::").slice(3).join("::");
    return "name" in alias && typeof alias.name === "string" ? alias.name : undefined;
  });
  return names.find((one) => one !== undefined && one !== "") ?? name;
}

/** The SDK passes on a parent's protection in this internal field. */
function inheritedProtection(parent: pulumi.Resource | undefined): boolean {
  return (parent as { __protect?: boolean } | undefined)?.__protect ?? false;
}
