import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as os from "node:os";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/**
 * Asks a folder's plugin for components, as Pulumi does for a program in another language: see plugin.test.ts. The plugin
 * runs in the program's folder, which is any.
 */
const config = new pulumi.Config();
const { PULUMI_NODEJS_ENGINE: engine = "", PULUMI_NODEJS_MONITOR: monitor = "" } = process.env;

interface Wanted {
  type: string;
  name: string;
  inputs: Record<string, never>;
}

async function constructAll(plugin: ChildProcess) {
  const [port] = await once(plugin.stdout as NonNullable<typeof plugin.stdout>, "data");
  const client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
  const getSchema = promisify<proto.GetSchemaRequest, proto.GetSchemaResponse>(client.getSchema.bind(client));
  const construct = promisify<proto.ConstructRequest, proto.ConstructResponse>(client.construct.bind(client));
  const schema = (await getSchema(new proto.GetSchemaRequest())).getSchema();
  const states: unknown[] = [];
  for (const { type, name, inputs } of config.requireObject<Wanted[]>("components")) {
    const request = new proto.ConstructRequest().setType(type).setName(name).setInputs(Struct.fromJavaScript(inputs));
    request.setProject(pulumi.getProject()).setStack(pulumi.getStack()).setDryrun(pulumi.runtime.isDryRun());
    const answer = construct(request.setMonitorendpoint(monitor));
    states.push(
      await answer.then(
        (made) => made.getState()?.toJavaScript(),
        (error: Error) => error.message,
      ),
    );
  }
  client.close();
  return { schema, states };
}

async function main() {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-plugin");
  const plugin = spawn(process.execPath, [runner, config.require("folder"), engine], {
    cwd: os.tmpdir(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await constructAll(plugin);
  } finally {
    plugin.kill();
  }
}

module.exports = main();
