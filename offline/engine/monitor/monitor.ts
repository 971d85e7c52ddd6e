import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Context } from "../context";
import { messageOf } from "../errors";
import type { Policies } from "../policies";
import { Provider } from "../provider/provider";
import { unary } from "../rpc";
import type { Callbacks } from "./callbacks";
import { Hooks } from "./hooks";
import { Invokes } from "./invokes";
import { Providers } from "./providers";
import { Registrar } from "./registrar";
import { Transforms } from "./transforms";

const { ResourceMonitorFeature: Feature } = resource;

/** The features that this engine supports, by the names that older SDKs ask for. */
const features: Record<string, resource.ResourceMonitorFeature> = {
  secrets: Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  resourceReferences: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  outputValues: Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  aliasSpecs: Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  replacementTrigger: Feature.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
  deletedWith: Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: Feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  transforms: Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  invokeTransforms: Feature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  parameterization: Feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
  resourceHooks: Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  errorHooks: Feature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
};

/** The service that a program registers its resources with. */
export function monitorService(
  context: Context,
  policies: Policies,
  callbacks: Callbacks,
): UntypedServiceImplementation {
  const provider = new Provider(context);
  const providers = new Providers(context, policies);
  const transforms = new Transforms(callbacks, (urn) => context.resources.get(urn)?.parent);
  const hooks = new Hooks(callbacks, context.dryRun, context.report);
  const registrar = new Registrar(context, providers, provider, transforms, hooks);
  const invokes = new Invokes(context, providers, provider, transforms);
  return {
    getDeploymentInfo: unary(() => deploymentInfo(context)),
    supportsFeature: unary((request: resource.SupportsFeatureRequest) =>
      new resource.SupportsFeatureResponse().setHassupport(request.getId() in features),
    ),
    invoke: unary((request: resource.ResourceInvokeRequest) => invokes.invoke(request)),
    call: unary((request: resource.ResourceCallRequest) => invokes.call(request)),
    readResource: unary((request: resource.ReadResourceRequest) => endOnError(context, () => registrar.read(request))),
    existsResource: unary(() => new resource.ExistsResourceResponse().setExists(true)),
    registerResource: unary((request: resource.RegisterResourceRequest) => registrar.register(request)),
    registerResourceOutputs: done((request: resource.RegisterResourceOutputsRequest) =>
      registrar.registerOutputs(request),
    ),
    registerStackTransform: done((callback: Callback) => transforms.addToStack(callback)),
    registerStackInvokeTransform: done((callback: Callback) => transforms.addToInvokes(callback)),
    registerResourceHook: done((request: resource.RegisterResourceHookRequest) => hooks.add(request)),
    registerErrorHook: done((request: resource.RegisterErrorHookRequest) => hooks.addErrorHook(request)),
    registerPackage: unary((request: resource.RegisterPackageRequest) =>
      new resource.RegisterPackageResponse().setRef(providers.registerPackage(packageOfRequest(request))),
    ),
    signalAndWaitForShutdown: done(() => context.onDone()),
  };
}

/** Ends the program after a failed read, as the real engine does: the SDK would wait forever. */
async function endOnError<Result>(context: Context, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    context.report({ severity: "error", message: messageOf(error) });
    context.failure.abort();
    throw error;
  }
}

function done<Request>(handle: (request: Request) => void) {
  return unary((request: Request) => {
    handle(request);
    return new Empty();
  });
}

function deploymentInfo({ graph, config, dryRun }: Context): resource.DeploymentInfo {
  const info = new resource.DeploymentInfo()
    .setProject(graph.project)
    .setStack(graph.stack)
    .setOrganization(graph.organization)
    .setDryrun(dryRun)
    .setConfigsecretkeysList(config.secretKeys)
    .setSupportedfeaturesList(Object.values(features));
  for (const [key, value] of Object.entries(config.values)) info.getConfigMap().set(key, value);
  return info;
}

/** A parameterized package has the name and version of its parameter. */
function packageOfRequest(request: resource.RegisterPackageRequest) {
  const named = request.getParameterization() ?? request;
  return { name: named.getName(), version: named.getVersion(), downloadUrl: request.getDownloadUrl() };
}
