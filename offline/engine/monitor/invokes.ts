import { CallResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
  type ResourceCallRequest,
  type ResourceInvokeRequest,
  ResourceInvokeResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Context } from "../context";
import type { Provider } from "../provider/provider";
import { packageOf } from "../urn";
import type { Properties } from "../values";
import { toProperties, toStruct } from "../wire";
import type { Providers } from "./providers";
import type { Transforms } from "./transforms";

/** Answers the functions that a program calls. */
export class Invokes {
  constructor(
    private readonly context: Context,
    private readonly providers: Providers,
    private readonly provider: Provider,
    private readonly transforms: Transforms,
  ) {}

  async invoke(request: ResourceInvokeRequest): Promise<ResourceInvokeResponse> {
    const token = request.getTok();
    const parent = request.getParent() || undefined;
    const named = this.providers.resolve(packageOf(token), request.getProvider(), new Map(), parent);
    const { args, provider } = await this.transforms.applyToInvoke(token, named, request.getArgs());
    const inputs = toProperties(args);
    if (token === "pulumi:pulumi:getResource") return respond(this.getResource(String(inputs.urn)));
    const reference = provider || this.providers.default(token, request);
    await this.providers.settled(reference);
    const region = this.providers.regionOf({ type: token, inputs, provider: reference });
    return respond(this.provider.invoke(token, inputs, region));
  }

  call(request: ResourceCallRequest): CallResponse {
    return new CallResponse().setReturn(toStruct(this.provider.call(request.getTok())));
  }

  /** The SDK calls this to turn a reference into the resource. */
  private getResource(urn: string): Properties {
    const resource = this.context.resources.get(urn) ?? this.context.parts.get(urn);
    if (!resource) throw new Error(`unknown resource ${urn}`);
    return { urn, id: resource.id ?? "", provider: resource.provider ?? "", state: resource.outputs };
  }
}

function respond(result: Properties): ResourceInvokeResponse {
  return new ResourceInvokeResponse().setReturn(toStruct(result));
}
