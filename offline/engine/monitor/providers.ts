import { type Context, uuidOf } from "../context";
import type { Resource } from "../graph";
import { createUrn, packageOf, providerType, providerUrn } from "../urn";
import { reveal, Secret } from "../values";
import { unknownOnWire } from "../wire";

/** A package as a request names it. */
export interface PackageRequest {
  name: string;
  version: string;
  downloadUrl: string;
}

/** Who manages which resource. A reference to a provider is `URN::ID`. */
export class Providers {
  private readonly ofComponents = new Map<string, Map<string, string>>();
  private readonly packages = new Map<string, PackageRequest>();

  constructor(private readonly context: Context) {}

  /** Remembers a parameterized package; the same package gets the same reference. */
  registerPackage(request: PackageRequest): string {
    const reference = uuidOf(JSON.stringify(request));
    this.packages.set(reference, request);
    return reference;
  }

  /**
   * The provider that a request names, else the one that its `providers` or its ancestors' name for the package, else "".
   */
  resolve(packageName: string, provider: string, providers: Map<string, string>, parent: string | undefined): string {
    return provider || providers.get(packageName) || (parent && this.ofComponents.get(parent)?.get(packageName)) || "";
  }

  /** What a component's children inherit: its own providers before its parent component's. */
  inherit(urn: string, providers: Map<string, string>, parent: string | undefined): void {
    this.ofComponents.set(urn, new Map([...(this.ofComponents.get(parent ?? "") ?? []), ...providers]));
  }

  /** The default provider of a package in the version, registered when first needed. */
  default(request: PackageRequest, packageReference = ""): string {
    const { name, version, downloadUrl } = this.packages.get(packageReference) ?? request;
    const { graph, resources, config, unknowns } = this.context;
    const type = providerType(name);
    const resourceName = ["default", ...version.split(/[.+-]/), downloadUrl].filter(Boolean).join("_");
    const urn = createUrn({ stack: graph.stack, project: graph.project, type, name: resourceName });
    const id = unknowns ? unknownOnWire : uuidOf(urn);
    if (!resources.has(urn)) {
      const own = Object.entries(config.values).filter(([key]) => packageOf(key) === name);
      const inputs = own.map(([key, value]) => {
        const isSecret = config.secretKeys.includes(key);
        return [key.slice(name.length + 1), isSecret ? new Secret(value) : value];
      });
      this.add({
        urn,
        type,
        name: resourceName,
        id,
        inputs: { ...Object.fromEntries(inputs), ...(version && { version }) },
      });
    }
    return `${urn}::${id}`;
  }

  /** The region of a resource: its own, its provider's (a component's: that of its AWS resources), or the stack's. */
  regionOf({ inputs, provider: own, urn: component = "" }: Partial<Resource> & Pick<Resource, "inputs">): string {
    const reference = own || this.ofComponents.get(component)?.get("aws");
    const provider = this.context.resources.get(providerUrn(reference ?? ""));
    const region = reveal(inputs.region) || reveal(provider?.inputs.region);
    return typeof region === "string" ? region : this.context.graph.region;
  }

  private add(provider: Pick<Resource, "urn" | "type" | "name" | "id" | "inputs">): void {
    const resource: Resource = {
      ...provider,
      custom: true,
      external: false,
      outputs: provider.inputs,
      dependencies: [],
      propertyDependencies: {},
      protect: false,
      options: {},
    };
    this.context.resources.set(resource.urn, resource);
    this.context.graph.resources.push(resource);
    void this.context.policies?.register(resource);
  }
}
