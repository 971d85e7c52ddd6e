import { CallResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
  type ResourceCallRequest,
  type ResourceInvokeRequest,
  ResourceInvokeResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Context } from "../context";
import { awsFunctions } from "../provider/aws/functions";
import { plausible } from "../provider/plausible";
import type { Field, Shapes } from "../provider/shapes";
import { packageOf } from "../urn";
import { type Properties, reveal } from "../values";
import { toProperties, toStruct } from "../wire";
import type { Providers } from "./providers";
import type { Transforms } from "./transforms";

/** Answers the functions that a program calls: what it looks up in its account. */
export class Invokes {
  private readonly warned = new Set<string>();

  constructor(
    private readonly context: Context,
    private readonly providers: Providers,
    private readonly transforms: Transforms,
    private readonly shapes: Shapes,
  ) {}

  async invoke(request: ResourceInvokeRequest): Promise<ResourceInvokeResponse> {
    const token = request.getTok();
    const parent = request.getParent() || undefined;
    const named = this.providers.resolve(packageOf(token), request.getProvider(), new Map(), parent);
    const { args, provider } = await this.transforms.applyToInvoke(token, named, request.getArgs());
    const given = toProperties(args);
    if (token === "pulumi:pulumi:getResource") return respond(this.getResource(String(given.urn)));
    const reference = provider || this.defaultProvider(request);
    await this.context.policies?.settled(reference);
    return respond(this.answer(token, given, this.providers.regionOf({ inputs: given, provider: reference })));
  }

  /** Methods of resources that live in a provider: their results are not known here. */
  call(request: ResourceCallRequest): CallResponse {
    this.warn(
      request.getTok(),
      `${request.getTok()} runs in its provider, which does not run here: its result is empty.`,
    );
    return new CallResponse().setReturn(toStruct({}));
  }

  private answer(token: string, given: Properties, region: string): Properties {
    const fields = this.shapes.ofResult(token);
    const known = awsFunctions[token];
    if (!fields && !known) {
      this.warn(token, `Nothing is known of the function ${token}: it answers with its arguments and an id.`);
    }
    const seed = `${token} ${JSON.stringify(reveal(given))}`;
    const name = (token.split(":")[2] ?? token).replace(/^get/, "").toLowerCase();
    const guess = (field: Field) => [field.name, plausible(field, { seed, name, token, region })];
    const guesses = (fields ?? [idField]).filter(({ optional }) => !optional).map(guess);
    return {
      ...Object.fromEntries(guesses.filter(([, value]) => value !== undefined)),
      ...given,
      ...known?.(reveal(given) as Record<string, unknown>, region),
    };
  }

  /** How the SDK turns a reference to a resource into the resource. */
  private getResource(urn: string): Properties {
    const resource = this.context.resources.get(urn);
    if (!resource) throw new Error(`unknown resource ${urn}`);
    return { urn, id: resource.id ?? "", provider: resource.provider ?? "", state: resource.outputs };
  }

  private defaultProvider(request: ResourceInvokeRequest): string {
    const version = request.getVersion();
    const name = packageOf(request.getTok());
    return this.providers.default(
      { name, version, downloadUrl: request.getPlugindownloadurl() },
      request.getPackageref(),
    );
  }

  private warn(token: string, message: string): void {
    if (this.warned.has(token)) return;
    this.warned.add(token);
    this.context.report({ severity: "warning", message });
  }
}

const idField: Field = { name: "id", shape: { kind: "string" }, optional: false, configurable: false };

function respond(result: Properties): ResourceInvokeResponse {
  return new ResourceInvokeResponse().setReturn(toStruct(result));
}
