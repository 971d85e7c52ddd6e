import {
  type RegisterErrorHookRequest,
  type RegisterResourceHookRequest,
  ResourceHookRequest,
  ResourceHookResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Diagnostic, Resource } from "../graph";
import { toStruct } from "../wire";
import type { Callbacks } from "./callbacks";

/** Runs the program's hooks around the creation of a resource. @see https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/ */
export class Hooks {
  private readonly hooks = new Map<string, RegisterResourceHookRequest>();
  private readonly names = new Set<string>();

  constructor(
    private readonly callbacks: Callbacks,
    private readonly dryRun: boolean,
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {}

  add(request: RegisterResourceHookRequest): void {
    this.claim(request.getName());
    this.hooks.set(request.getName(), request);
  }

  /** Hooks of both kinds share their names. Error hooks run when a cloud refuses an operation, which cannot happen here. */
  addErrorHook(request: RegisterErrorHookRequest): void {
    this.claim(request.getName());
  }

  /** An error in a hook fails the registration, unless the hook ignores errors. */
  async beforeCreate(names: string[], resource: Resource): Promise<void> {
    for (const name of names) {
      const error = await this.run(name, resource);
      if (error) throw new Error(`before hook "${name}" failed: ${error}`);
    }
  }

  /** An error in a hook is only a warning, as the resource already exists. */
  async afterCreate(names: string[], resource: Resource): Promise<void> {
    for (const name of names) {
      const error = await this.run(name, resource);
      if (error) this.warn(`after hook "${name}" failed: ${error}`, resource);
    }
  }

  private claim(name: string): void {
    if (this.names.has(name)) throw new Error(`a resource hook named "${name}" is already registered`);
    this.names.add(name);
  }

  private async run(name: string, resource: Resource): Promise<string> {
    const hook = this.hooks.get(name);
    const callback = hook?.getCallback();
    if (!hook || !callback) throw new Error(`there is no resource hook named "${name}"`);
    if (this.dryRun && !hook.getOnDryRun()) return "";
    const request = new ResourceHookRequest()
      .setUrn(resource.urn)
      .setId(resource.id ?? "")
      .setName(resource.name)
      .setType(resource.type)
      .setNewInputs(toStruct(resource.inputs))
      .setNewOutputs(toStruct(resource.outputs));
    const bytes = await this.callbacks.invoke(callback, request.serializeBinary());
    const error = ResourceHookResponse.deserializeBinary(bytes).getError();
    if (!error || !hook.getIgnoreErrors()) return error;
    this.warn(`hook "${name}" failed: ${error}`, resource);
    return "";
  }

  private warn(message: string, resource: Resource): void {
    this.report({ severity: "warning", message, urn: resource.urn });
  }
}
