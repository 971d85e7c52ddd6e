import type { Socket } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Context } from "../context";
import type { Policies } from "../policies";
import { channelOptions } from "../rpc";
import { Callbacks } from "./callbacks";
import { engineService } from "./engineService";
import { monitorService } from "./monitor";

/** The gRPC services that a program talks to, on connections that the caller accepts. */
export class Services {
  private readonly server = new grpc.Server(channelOptions);
  private readonly callbacks = new Callbacks();
  private readonly connections: grpc.ConnectionInjector;

  constructor(context: Context, policies: Policies) {
    this.server.addService(ResourceMonitorService, monitorService(context, policies, this.callbacks));
    this.server.addService(EngineService, engineService(context.report));
    this.connections = this.server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  }

  accept(socket: Socket): void {
    this.connections.injectConnection(socket);
  }

  close(): void {
    this.callbacks.close();
    this.connections.destroy();
    this.server.forceShutdown();
  }
}
