import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { type RegisterResourceRequest, TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { Resource, ResourceOptions } from "../graph";
import { createUrn, parseUrn } from "../urn";

/**
 * A registration's options as one message, which transforms receive and return.
 * @param parent Its `protect`, `retainOnDelete` and `deletedWith` apply to a child that does not set its own
 */
export function optionsOf(
  request: RegisterResourceRequest,
  provider: string,
  parent: Resource | undefined,
): TransformResourceOptions {
  const options = new TransformResourceOptions()
    .setImport(request.getImportid())
    .setDependsOnList(request.getDependenciesList())
    .setIgnoreChangesList(request.getIgnorechangesList())
    .setReplaceOnChangesList(request.getReplaceonchangesList())
    .setReplacementTrigger(request.getReplacementTrigger())
    .setVersion(request.getVersion())
    .setAliasesList([...request.getAliasurnsList().map((urn) => new Alias().setUrn(urn)), ...request.getAliasesList()])
    .setProvider(provider)
    .setHideDiffList(request.getHidediffsList())
    .setCustomTimeouts(request.getCustomtimeouts())
    .setPluginDownloadUrl(request.getPlugindownloadurl())
    .setDeletedWith(request.getDeletedwith() || parent?.options.deletedWith || "")
    .setReplaceWithList(request.getReplaceWithList())
    .setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList())
    .setHooks(request.getHooks());
  for (const [name, reference] of request.getProvidersMap().entries()) options.getProvidersMap().set(name, reference);
  const protect = request.hasProtect() ? request.getProtect() : parent?.protect || undefined;
  if (protect !== undefined) options.setProtect(protect);
  const retain = request.hasRetainondelete() ? request.getRetainondelete() : parent?.options.retainOnDelete;
  if (retain !== undefined) options.setRetainOnDelete(retain);
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  return options;
}

/** The options that the program gave, in the form of the graph. */
export function graphOptions(
  options: TransformResourceOptions,
  urn: string,
  parent: string | undefined,
): ResourceOptions {
  const timeouts = Object.entries(options.getCustomTimeouts()?.toObject() ?? {}).filter(([, duration]) => duration);
  const lists = {
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    aliases: options.getAliasesList().map((alias) => aliasUrn(alias, urn, parent)),
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
  };
  const texts = { deletedWith: options.getDeletedWith(), import: options.getImport(), version: options.getVersion() };
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text)),
    ...(timeouts.length > 0 && { customTimeouts: Object.fromEntries(timeouts) }),
    ...(options.hasDeleteBeforeReplace() && { deleteBeforeReplace: options.getDeleteBeforeReplace() ?? false }),
    ...(options.hasRetainOnDelete() && { retainOnDelete: options.getRetainOnDelete() ?? false }),
  };
}

/** An alias gives only what was different; the rest is as the resource has it now. */
function aliasUrn(alias: Alias, urn: string, parent: string | undefined): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const now = parseUrn(urn);
  const before = {
    stack: spec.getStack() || now.stack,
    project: spec.getProject() || now.project,
    type: spec.getType() || now.type,
    name: spec.getName() || now.name,
  };
  return createUrn(before, spec.getNoparent() ? undefined : spec.getParenturn() || parent);
}
