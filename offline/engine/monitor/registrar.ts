import {
  type ReadResourceRequest,
  ReadResourceResponse,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  TransformRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Context } from "../context";
import type { Resource } from "../graph";
import type { Outputs } from "../provider/outputs";
import { createUrn, packageOf, providedPackage, stackType } from "../urn";
import { isMap, mapValues, type Properties, Unknown, type Value } from "../values";
import { forTransforms, toProperties, toStruct } from "../wire";
import type { Hooks } from "./hooks";
import { graphOptions, optionsOf } from "./options";
import type { Providers } from "./providers";
import type { Transformed, Transforms } from "./transforms";

/** Puts what the program registers into the graph, as the real engine does for a stack that does not exist yet. */
export class Registrar {
  constructor(
    private readonly context: Context,
    private readonly providers: Providers,
    private readonly transforms: Transforms,
    private readonly hooks: Hooks,
    private readonly outputs: Outputs,
  ) {}

  async register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    const { resource, hooks } = await this.resolve(request);
    this.add(resource);
    await this.context.policies?.register(resource);
    await this.hooks.beforeCreate(hooks?.getBeforeCreateList() ?? [], resource);
    const isLocalComponent = !resource.custom && !request.getRemote();
    if (!isLocalComponent) this.outputs.compute(resource);
    this.context.onResource(resource);
    await this.hooks.afterCreate(hooks?.getAfterCreateList() ?? [], resource);
    return new RegisterResourceResponse()
      .setUrn(resource.urn)
      .setId(resource.id ?? "")
      .setObject(toStruct(resource.outputs));
  }

  async read(request: ReadResourceRequest): Promise<ReadResourceResponse> {
    const type = request.getType();
    const parent = request.getParent() || undefined;
    const version = request.getVersion();
    const packageRequest = { name: packageOf(type), version, downloadUrl: request.getPlugindownloadurl() };
    const resource: Resource = {
      ...this.identify(type, request.getName(), parent),
      custom: true,
      external: true,
      id: request.getId(),
      provider: request.getProvider() || this.providers.default(packageRequest, request.getPackageref()),
      inputs: toProperties(request.getProperties()),
      outputs: {},
      dependencies: request.getDependenciesList(),
      propertyDependencies: {},
      protect: false,
      options: {
        ...(version && { version }),
        ...(request.getAdditionalsecretoutputsList().length > 0 && {
          additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        }),
      },
    };
    this.add(resource);
    await this.context.policies?.settled(resource.provider ?? "");
    this.outputs.compute(resource);
    this.context.onResource(resource);
    return new ReadResourceResponse().setUrn(resource.urn).setProperties(toStruct(resource.outputs));
  }

  registerOutputs(request: RegisterResourceOutputsRequest): void {
    const resource = this.context.resources.get(request.getUrn());
    if (!resource) throw new Error(`outputs of ${request.getUrn()}, which is not registered`);
    const isStack = resource.type === stackType;
    const outputs = toProperties(request.getOutputs());
    Object.assign(resource.outputs, isStack ? mapValues(outputs, withoutUnset) : outputs);
    if (isStack) this.context.graph.outputs = resource.outputs;
  }

  /** The resource that a request asks for, its outputs still to be computed. */
  private async resolve(request: RegisterResourceRequest) {
    const type = request.getType();
    const parent = request.getParent() || undefined;
    this.inherit(request, parent);
    const identity = this.identify(type, request.getName(), parent);
    const version = request.getVersion();
    const managed = request.getCustom() || request.getRemote();
    const named = new Map(request.getProvidersMap().entries());
    const provider = managed
      ? this.providers.resolve(packageOf(type), request.getProvider(), named, parent)
      : request.getProvider();
    const dependencies = new Set<string>();
    const { properties, options } = await this.transform(request, identity.urn, provider);
    const inputs = toProperties(properties, dependencies);
    if (!request.getCustom()) {
      this.providers.inherit(identity.urn, new Map(options.getProvidersMap().entries()), parent);
    }
    const isProvider = providedPackage(type) !== undefined;
    const reference = managed && !isProvider && this.reference(request, options.getProvider());
    const resource: Resource = {
      ...identity,
      custom: request.getCustom(),
      external: false,
      // A remote component has no provider itself: its children have.
      ...(reference && request.getCustom() && { provider: reference }),
      inputs: isProvider && version ? { ...inputs, version } : inputs,
      outputs: {},
      dependencies: [...new Set([...options.getDependsOnList(), ...dependencies])],
      propertyDependencies: propertyDependencies(request, inputs),
      protect: options.getProtect() ?? false,
      options: graphOptions(options, identity.urn, parent),
    };
    return { resource, hooks: options.getHooks() };
  }

  private identify(type: string, name: string, parent: string | undefined) {
    const { stack, project } = this.context.graph;
    return { urn: createUrn({ stack, project, type, name }, parent), type, name, ...(parent && { parent }) };
  }

  /** What a child takes from its parent unless it says otherwise. */
  private inherit(request: RegisterResourceRequest, parentUrn: string | undefined): void {
    const parent = this.context.resources.get(parentUrn ?? "");
    if (!parent) return;
    if (!request.hasProtect() && parent.protect) request.setProtect(true);
    const { retainOnDelete, deletedWith } = parent.options;
    if (!request.hasRetainondelete() && retainOnDelete !== undefined) request.setRetainondelete(retainOnDelete);
    if (!request.getDeletedwith() && deletedWith) request.setDeletedwith(deletedWith);
    const isOfSamePackage = packageOf(request.getType()) === packageOf(parent.type);
    if (!request.getProvider() && parent.custom && isOfSamePackage) request.setProvider(parent.provider ?? "");
  }

  private transform(request: RegisterResourceRequest, urn: string, provider: string): Promise<Transformed> {
    const own = request.getTransformsList();
    const message = new TransformRequest()
      .setType(request.getType())
      .setName(request.getName())
      .setCustom(request.getCustom())
      .setParent(request.getParent());
    const start = { properties: request.getObject(), options: optionsOf(request, provider) };
    const dependencies = own.length > 0 ? dependenciesOf(request) : {};
    return this.transforms.apply(urn, message, own, start, (struct) => forTransforms(struct, dependencies));
  }

  private reference(request: RegisterResourceRequest, provider: string): string {
    const packageRequest = {
      name: packageOf(request.getType()),
      version: request.getVersion(),
      downloadUrl: request.getPlugindownloadurl(),
    };
    return provider || this.providers.default(packageRequest, request.getPackageref());
  }

  private add(resource: Resource): void {
    const { resources, graph } = this.context;
    if (resources.has(resource.urn)) {
      throw new Error(`Duplicate resource URN '${resource.urn}'; try giving it a unique name`);
    }
    resources.set(resource.urn, resource);
    graph.resources.push(resource);
  }
}

/** A dry run marks a resource that is a stack output so, and leaves the outputs that are not set unknown. */
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

/** Of the inputs that are left after the transforms. */
function propertyDependencies(request: RegisterResourceRequest, inputs: Properties): Record<string, string[]> {
  const entries = Object.entries(dependenciesOf(request)).filter(([key, urns]) => key in inputs && urns.length > 0);
  return Object.fromEntries(entries);
}
