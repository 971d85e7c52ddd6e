import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { EventPattern } from "../../eventbridge/args";
import type { Wiring } from "./source";

/** What all sources that Lambda itself reads have in common. */
export interface MappingArgs {
  /** The records or messages that are wanted, up to 10 patterns of which one must match. @maxItems 10 @default all */
  filters?: EventPattern[];
  /** Whether the function is called. @default true */
  enabled?: boolean;
}

/** What those sources have in common that retry what the function failed on. */
export interface BatchMappingArgs extends MappingArgs {
  /**
   * Whether the function returns which records or messages of a batch it failed on, as `{ batchItemFailures: [{
   * itemIdentifier }] }`, so that only those are retried. A function that returns nothing has processed the whole batch.
   * @default true
   */
  reportBatchItemFailures?: boolean;
}

/** What sets the mappings of different sources apart. */
type MappingSettings = Omit<lambda.EventSourceMappingArgs, "functionName" | "enabled" | "filterCriteria" | "tags">;

/** Has Lambda read a source and call the function with batches of it. */
export function createMapping(
  name: string,
  { filters, enabled = true }: MappingArgs,
  settings: MappingSettings,
  { functionArn, tags, opts }: Wiring,
  ready: pulumi.Resource[],
): lambda.EventSourceMapping {
  const patterns = filters?.map((filter) => ({ pattern: pulumi.jsonStringify(filter) }));
  return new lambda.EventSourceMapping(
    name,
    {
      ...settings,
      functionName: functionArn,
      enabled,
      filterCriteria: patterns && { filters: patterns },
      tags,
    },
    { ...opts, dependsOn: ready },
  );
}

/** What the function returns, as a mapping is told. */
export function responseTypes({ reportBatchItemFailures = true }: BatchMappingArgs): string[] {
  return reportBatchItemFailures ? ["ReportBatchItemFailures"] : [];
}
