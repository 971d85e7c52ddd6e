import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { type Context, uuidOf } from "../context";
import type { Resource } from "../graph";
import type { Policies } from "../policies";
import { createUrn, packageOf, providerType, providerUrn } from "../urn";
import { reveal, Secret } from "../values";
import { unknownOnWire } from "../wire";

interface Package {
  name: string;
  version: string;
  downloadUrl: string;
}

/** The part of a request that identifies the package of its type or function. */
type PackagedRequest = Pick<RegisterResourceRequest, "getVersion" | "getPlugindownloadurl" | "getPackageref">;

type Located = Pick<Resource, "type" | "inputs"> & Partial<Resource>;

/** The providers of the program's resources. A reference to one is `URN::ID`. */
export class Providers {
  private readonly ofComponents = new Map<string, Map<string, string>>();
  private readonly packages = new Map<string, Package>();
  private saidRegion = false;
  private readonly settling = new Map<string, Promise<void>>();

  constructor(
    private readonly context: Context,
    private readonly policies: Policies,
  ) {}

  /** Remembers a parameterized package; the same package gets the same reference. */
  registerPackage(named: Package): string {
    const reference = uuidOf(JSON.stringify(named));
    this.packages.set(reference, named);
    return reference;
  }

  /** The provider that a request names, else the package's in its own or its ancestors' `providers`, else "". */
  resolve(packageName: string, provider: string, providers: Map<string, string>, parent: string | undefined): string {
    return provider || providers.get(packageName) || (parent && this.ofComponents.get(parent)?.get(packageName)) || "";
  }

  /** Sets what a component's children inherit: its parent component's providers, overridden by its own. */
  inherit(urn: string, providers: Map<string, string>, parent: string | undefined): void {
    this.ofComponents.set(urn, new Map([...(this.ofComponents.get(parent ?? "") ?? []), ...providers]));
  }

  /** The default provider of the package that a type or function belongs to, registered when first needed. */
  default(token: string, request: PackagedRequest): string {
    const { name, version, downloadUrl } = this.packages.get(request.getPackageref()) ?? {
      name: packageOf(token),
      version: request.getVersion(),
      downloadUrl: request.getPlugindownloadurl(),
    };
    const { graph, resources, unknowns } = this.context;
    const type = providerType(name);
    const resourceName = ["default", ...version.split(/[.+-]/), downloadUrl].filter(Boolean).join("_");
    const urn = createUrn({ stack: graph.stack, project: graph.project, type, name: resourceName });
    const id = unknowns ? unknownOnWire : uuidOf(urn);
    if (!resources.has(urn)) {
      const inputs = { ...this.configurationOf(name), ...(version && { version }) };
      this.settling.set(urn, this.register({ urn, type, name: resourceName, id, inputs }));
    }
    return `${urn}::${id}`;
  }

  /** Adds a new resource to the graph. Once its provider is settled, resolves to the inputs that policies leave it. */
  async admit(resource: Resource): Promise<Resource["inputs"]> {
    this.context.add(resource);
    await this.settled(resource.provider);
    return this.policies.register(resource);
  }

  /** Resolves once the provider with this reference has its final inputs. */
  async settled(reference = ""): Promise<void> {
    await this.settling.get(providerUrn(reference));
  }

  /** The region of a resource or function: its own, else its provider's (a component's aws one), else the stack's. */
  regionOf({ type, inputs, provider: own, urn: component = "" }: Located): string {
    const reference = own || this.ofComponents.get(component)?.get("aws");
    const provider = this.context.resources.get(providerUrn(reference ?? ""));
    const region = reveal(inputs.region) || reveal(provider?.inputs.region);
    if (typeof region === "string") return region;
    if (/^(aws|eks)/.test(type)) this.sayRegion();
    return this.context.graph.region;
  }

  /** Warns, once, that the region is assumed. */
  private sayRegion(): void {
    const { config, graph, report } = this.context;
    if (config.region || this.saidRegion) return;
    this.saidRegion = true;
    const own =
      `${graph.project}:region` in config.values ? ` ("${graph.project}:region" is the program's own key.)` : "";
    const message = `No AWS region is configured: ${graph.region} is assumed. Choose one with --config aws:region=REGION.${own}`;
    report({ severity: "warning", message });
  }

  private configurationOf(packageName: string): Resource["inputs"] {
    const { values, secretKeys } = this.context.config;
    const inputs: Resource["inputs"] = {};
    for (const [key, value] of Object.entries(values)) {
      const name = key.slice(packageName.length + 1);
      if (packageOf(key) === packageName) inputs[name] = secretKeys.includes(key) ? new Secret(value) : value;
    }
    return inputs;
  }

  private async register(provider: Pick<Resource, "urn" | "type" | "name" | "id" | "inputs">): Promise<void> {
    const resource: Resource = {
      ...provider,
      custom: true,
      external: false,
      outputs: {},
      dependencies: [],
      propertyDependencies: {},
      protect: false,
      options: {},
    };
    resource.inputs = await this.admit(resource);
    resource.outputs = { ...resource.inputs };
  }
}
