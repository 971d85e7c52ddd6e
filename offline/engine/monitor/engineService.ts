import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Diagnostic } from "../graph";
import { unary } from "../rpc";

const severities: Diagnostic["severity"][] = ["debug", "info", "warning", "error"];

/**
 * The service that a program logs to. It drops status messages, which are transient, and the SDK's own debug messages,
 * which contain secrets.
 */
export function engineService(onDiagnostic: (diagnostic: Diagnostic) => void): UntypedServiceImplementation {
  let root = "";
  return {
    log: unary((request: engine.LogRequest) => {
      const urn = request.getUrn();
      const severity = severities[request.getSeverity()] ?? "info";
      const isKept = severity !== "debug" && !request.getEphemeral();
      if (isKept) onDiagnostic({ severity, message: request.getMessage(), ...(urn && { urn }) });
      return new Empty();
    }),
    getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    startDebugging: unary(() => new Empty()),
    // The engine follows the installed SDK, whatever its version.
    requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
  };
}
