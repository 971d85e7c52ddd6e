import { Sha256 } from "@aws-crypto/sha256-js";
import { type _Record, GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import { decodeCbor, encodeCbor } from "../../../offline/cloud/core/protocol/cbor";
import type { Credentials } from "../../../offline/cloud/core/types";
import { kinesis } from "../../../offline/cloud/kinesis/operations";
import { Streams } from "../../../offline/cloud/kinesis/streams";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { serveServices } from "./core";
import { graphOf, resource } from "./graph";

export const STREAM_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream";

export function stream(name: string, inputs: Properties = {}): Resource {
  return resource("aws:kinesis/stream:Stream", name, { name, ...inputs }, { arn: `${STREAM_ARN}/${name}` });
}

/** A consumer of a stream, with enhanced fan-out. */
export function streamConsumer(streamName: string, name: string): Resource {
  const streamArn = `${STREAM_ARN}/${streamName}`;
  const arn = `${streamArn}/consumer/${name}:1704067200`;
  return resource("aws:kinesis/streamConsumer:StreamConsumer", name, { name, streamArn }, { arn });
}

/** Serves a program's streams. @param folder where they are stored. @default memory */
export async function serveStreams(resources: Resource[], folder?: string) {
  const streams = Streams.open("eu-west-1", folder);
  const reconcile = (...next: Resource[]) => streams.reconcile(graphOf("/project", ...next));
  reconcile(...resources);
  const { client, call } = await serveServices([kinesis.serve(streams)]);
  // The SDK's own choice is HTTP/2.
  const sdk = new KinesisClient({ ...client, requestHandler: new NodeHttpHandler() });
  return { streams, reconcile, client, call, sdk };
}

/** The records of a stream's shard, from its beginning. */
export async function recordsOf(
  sdk: KinesisClient,
  StreamName: string,
  ShardId = "shardId-000000000000",
): Promise<_Record[]> {
  const iterator = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" });
  const { ShardIterator } = await sdk.send(iterator);
  return (await sdk.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}

/** A call as the SDK for Java makes it. */
export async function cborCall(
  { endpoint, credentials }: { endpoint: string; credentials: Credentials },
  operation: string,
  input: object,
): Promise<{ status: number; bytes: Buffer; output: Record<string, unknown> }> {
  const { hostname, port, host } = new URL(endpoint);
  const signer = new SignatureV4({ service: "kinesis", region: "eu-west-1", credentials, sha256: Sha256 });
  const body = encodeCbor(input);
  const headers = {
    host,
    "content-type": "application/x-amz-cbor-1.1",
    "x-amz-target": `Kinesis_20131202.${operation}`,
  };
  const request = { method: "POST", protocol: "http:", hostname, port: Number(port), path: "/", headers, body };
  const answer = await fetch(endpoint, { ...(await signer.sign(request)), body });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, output: decodeCbor(bytes) as Record<string, unknown> };
}
