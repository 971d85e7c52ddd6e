import { lazyService } from "../core/registry";
import { hasType } from "../core/resources";
import type { Service } from "../core/service";
import type { StreamSource } from "../core/sources";
import type * as operations from "./operations";
import type * as streams from "./streams";

/** Kinesis Data Streams, and its streams as event sources. */
export interface KinesisService {
  service: Service;
  /** @param arn of a stream or a consumer */
  sourceOf(arn: string): StreamSource | undefined;
}

/** @param folder where streams are stored. @default memory */
export function createKinesis(folder?: string): KinesisService {
  let loaded: streams.Streams | undefined;
  const service = lazyService(["kinesis"], hasType("aws:kinesis/stream"), ({ region }) => {
    const { Streams } = require("./streams") as typeof streams;
    const { kinesis } = require("./operations") as typeof operations;
    loaded = Streams.open(region, folder);
    return kinesis.serve(loaded);
  });
  return { service, sourceOf: (arn) => loaded?.sourceOf(arn) };
}
