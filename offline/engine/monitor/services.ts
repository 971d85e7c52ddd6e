import type { Socket } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Context } from "../context";
import { tidyMessage } from "../program/failure";
import type { Project } from "../project/project";
import { channelOptions } from "../rpc";
import { engineService } from "./engineService";
import { Monitor } from "./monitor";

/** The gRPC services that a program talks to, on connections that somebody else accepts. */
export class Services {
  private readonly server = new grpc.Server(channelOptions);
  private readonly monitor: Monitor;
  private readonly connections: grpc.ConnectionInjector;

  constructor(context: Context, project: Project) {
    this.monitor = new Monitor(context);
    this.server.addService(ResourceMonitorService, this.monitor.service);
    this.server.addService(
      EngineService,
      engineService((diagnostic) => context.report(tidyMessage(diagnostic, project))),
    );
    this.connections = this.server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  }

  accept(socket: Socket): void {
    this.connections.injectConnection(socket);
  }

  close(): void {
    this.monitor.close();
    this.connections.destroy();
    this.server.forceShutdown();
  }
}
