import {
  type ReadResourceRequest,
  ReadResourceResponse,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { recordContents } from "../contents";
import type { Context } from "../context";
import type { Resource } from "../graph";
import type { Provider } from "../provider/provider";
import { createUrn, packageOf, providedPackage, stackType } from "../urn";
import { isMap, mapValues, type Properties, Unknown, type Value } from "../values";
import { forProgram, forTransforms, toProperties, toStruct } from "../wire";
import type { Hooks } from "./hooks";
import { graphOptions, optionsOf } from "./options";
import type { Providers } from "./providers";
import type { Transformable, Transforms } from "./transforms";

/** Adds what the program registers to the graph, as the real engine does for a stack that does not exist yet. */
export class Registrar {
  constructor(
    private readonly context: Context,
    private readonly providers: Providers,
    private readonly provider: Provider,
    private readonly transforms: Transforms,
    private readonly hooks: Hooks,
  ) {}

  async register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    const { resource, hooks } = await this.resolve(request);
    resource.inputs = await this.providers.admit(resource);
    await this.hooks.beforeCreate(hooks?.getBeforeCreateList() ?? [], resource);
    const isLocalComponent = !resource.custom && !request.getRemote();
    if (!isLocalComponent) {
      const { made, parts } = this.provider.create(resource, this.providers.regionOf(resource));
      Object.assign(resource, made);
      for (const part of parts) this.context.parts.set(part.urn, part);
    }
    this.context.onResource(resource);
    await this.hooks.afterCreate(hooks?.getAfterCreateList() ?? [], resource);
    return new RegisterResourceResponse()
      .setUrn(resource.urn)
      .setId(resource.id ?? "")
      .setObject(forProgram(resource.outputs, this.context.parts));
  }

  async read(request: ReadResourceRequest): Promise<ReadResourceResponse> {
    const type = request.getType();
    const version = request.getVersion();
    const additionalSecretOutputs = request.getAdditionalsecretoutputsList();
    const resource: Resource = {
      ...this.identify(request),
      custom: true,
      external: true,
      id: request.getId(),
      provider: request.getProvider() || this.providers.default(type, request),
      inputs: toProperties(request.getProperties()),
      outputs: {},
      dependencies: request.getDependenciesList(),
      propertyDependencies: {},
      protect: false,
      options: {
        ...(version && { version }),
        ...(additionalSecretOutputs.length > 0 && { additionalSecretOutputs }),
      },
    };
    this.context.add(resource);
    await this.providers.settled(resource.provider);
    resource.outputs = this.provider.read(resource, this.providers.regionOf(resource));
    this.context.onResource(resource);
    return new ReadResourceResponse().setUrn(resource.urn).setProperties(toStruct(resource.outputs));
  }

  registerOutputs(request: RegisterResourceOutputsRequest): void {
    const resource = this.context.resources.get(request.getUrn());
    if (!resource) throw new Error(`cannot set the outputs of ${request.getUrn()}, which is not registered`);
    const isStack = resource.type === stackType;
    const outputs = toProperties(request.getOutputs());
    resource.outputs = { ...resource.outputs, ...(isStack ? mapValues(outputs, withoutUnset) : outputs) };
    if (isStack) this.context.graph.outputs = resource.outputs;
  }

  /** The resource that a request describes, without its outputs. */
  private async resolve(request: RegisterResourceRequest) {
    const type = request.getType();
    const custom = request.getCustom();
    const identity = this.identify(request);
    const { urn, parent } = identity;
    const dependencies = new Set<string>();
    const { properties, options } = await this.transform(request, { ...identity, custom });
    const inputs = toProperties(properties, dependencies);
    if (this.context.contents) recordContents(inputs, this.context.workingDirectory);
    if (!custom) this.providers.inherit(urn, new Map(options.getProvidersMap().entries()), parent);
    const isProvider = providedPackage(type) !== undefined;
    const isManaged = (custom || request.getRemote()) && !isProvider;
    const provider = isManaged && (options.getProvider() || this.providers.default(type, request));
    const version = request.getVersion();
    const resource: Resource = {
      ...identity,
      custom,
      external: false,
      // A remote component has no provider itself; its children do.
      ...(provider && custom && { provider }),
      inputs: isProvider && version ? { ...inputs, version } : inputs,
      outputs: {},
      dependencies: this.inGraph([...options.getDependsOnList(), ...dependencies]),
      propertyDependencies: mapValues(propertyDependencies(request, inputs), (urns) => this.inGraph(urns)),
      protect: options.getProtect() ?? false,
      options: graphOptions(options, urn, parent),
    };
    const before = this.context.predecessors.of(resource);
    const madeFrom = before?.madeFrom ?? before?.urn ?? urn;
    return { resource: { ...resource, ...(madeFrom !== urn && { madeFrom }) }, hooks: options.getHooks() };
  }

  private identify(request: RegisterResourceRequest | ReadResourceRequest) {
    const { stack, project } = this.context.graph;
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    return { urn: createUrn({ stack, project, type, name }, parent), type, name, ...(parent && { parent }) };
  }

  /** A dependency on a resource inside a remote component is one on the component. */
  private inGraph(urns: string[]): string[] {
    return [...new Set(urns.map((urn) => this.context.parts.get(urn)?.parent ?? urn))];
  }

  private transform(request: RegisterResourceRequest, resource: Transformable) {
    const own = request.getTransformsList();
    const parent = this.context.resources.get(resource.parent ?? "");
    const start = {
      properties: request.getObject(),
      options: optionsOf(request, this.providerOf(request, parent), parent),
    };
    const dependencies = own.length > 0 ? dependenciesOf(request) : {};
    return this.transforms.apply(resource, own, start, (struct) => forTransforms(struct, dependencies));
  }

  /** The provider that a request names or inherits; "" for its package's default one. */
  private providerOf(request: RegisterResourceRequest, parent: Resource | undefined): string {
    const packageName = packageOf(request.getType());
    const ofParent = parent?.custom && packageOf(parent.type) === packageName ? parent.provider : undefined;
    const provider = request.getProvider() || ofParent || "";
    if (!request.getCustom() && !request.getRemote()) return provider;
    return this.providers.resolve(packageName, provider, new Map(request.getProvidersMap().entries()), parent?.urn);
  }
}

/** In a dry run the SDK marks a resource that is a stack output, and makes its unset outputs unknown: both are removed. */
function withoutUnset(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (!isMap(value)) return value;
  const { "@isPulumiResource": isResource, ...fields } = value;
  const set = Object.entries(fields).filter(([, field]) => !(isResource && field instanceof Unknown));
  return mapValues(Object.fromEntries(set), withoutUnset);
}

function dependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const entries = [...request.getPropertydependenciesMap().entries()];
  return Object.fromEntries(entries.map(([key, list]) => [key, list.getUrnsList()]));
}

/** Only for the inputs that the transforms left. */
function propertyDependencies(request: RegisterResourceRequest, inputs: Properties): Record<string, string[]> {
  const entries = Object.entries(dependenciesOf(request)).filter(([key, urns]) => key in inputs && urns.length > 0);
  return Object.fromEntries(entries);
}
