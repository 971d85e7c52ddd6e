import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  TransformInvokeOptions,
  TransformInvokeRequest,
  TransformInvokeResponse,
  TransformRequest,
  type TransformResourceOptions,
  TransformResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "../graph";
import type { Callbacks } from "./callbacks";

export type Transformable = Pick<Resource, "urn" | "type" | "name" | "custom" | "parent">;

/** What a transform may change. */
export interface Transformed {
  properties: Struct | undefined;
  options: TransformResourceOptions;
}

/**
 * The program's transforms: a resource's own run first, then its ancestors', nearest first, then the stack's.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/
 */
export class Transforms {
  private readonly ofStack: Callback[] = [];
  private readonly ofInvokes: Callback[] = [];
  private readonly ofResources = new Map<string, Callback[]>();

  constructor(
    private readonly callbacks: Callbacks,
    private readonly parentOf: (urn: string) => string | undefined,
  ) {}

  addToStack(callback: Callback): void {
    this.ofStack.push(callback);
  }

  addToInvokes(callback: Callback): void {
    this.ofInvokes.push(callback);
  }

  /**
   * @param own The transforms of the resource itself, which its children inherit.
   * @param present How properties are shown to a transform.
   */
  async apply(
    { urn, type, name, custom, parent }: Transformable,
    own: Callback[],
    start: Transformed,
    present: (properties: Struct | undefined) => Struct,
  ): Promise<Transformed> {
    if (own.length > 0) this.ofResources.set(urn, own);
    let result = start;
    for (const callback of [...own, ...this.ofAncestors(parent), ...this.ofStack]) {
      const request = new TransformRequest()
        .setType(type)
        .setName(name)
        .setCustom(custom)
        .setParent(parent ?? "")
        .setProperties(present(result.properties))
        .setOptions(result.options);
      const bytes = await this.callbacks.invoke(callback, request.serializeBinary());
      const response = TransformResponse.deserializeBinary(bytes);
      result = {
        properties: response.getProperties() ?? result.properties,
        options: response.getOptions() ?? result.options,
      };
    }
    return result;
  }

  async applyToInvoke(
    token: string,
    provider: string,
    args: Struct | undefined,
  ): Promise<{ provider: string; args?: Struct }> {
    let options = new TransformInvokeOptions().setProvider(provider);
    let current = args;
    for (const callback of this.ofInvokes) {
      const request = new TransformInvokeRequest().setToken(token).setArgs(current).setOptions(options);
      const bytes = await this.callbacks.invoke(callback, request.serializeBinary());
      const response = TransformInvokeResponse.deserializeBinary(bytes);
      current = response.getArgs() ?? current;
      options = response.getOptions() ?? options;
    }
    return { provider: options.getProvider(), ...(current && { args: current }) };
  }

  private ofAncestors(parent: string | undefined): Callback[] {
    if (!parent) return [];
    return [...(this.ofResources.get(parent) ?? []), ...this.ofAncestors(this.parentOf(parent))];
  }
}
