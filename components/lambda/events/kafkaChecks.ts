import { KAFKA_RECORD } from "../../../expressions/patterns";
import type { Mistakes } from "../../validation";
import { checkFilters } from "./filters";
import type { KafkaEventArgs } from "./kafkaArgs";
import { checkStart } from "./records";

/** What Lambda does only with pollers that always read. */
const provisionedOnly = ["pollers", "retries", "maximumAge", "bisect", "reportBatchItemFailures"] as const;

/** What is for brokers elsewhere. */
const elsewhereOnly = ["rootCertificateSecretArn", "vpc"] as const;

/** Adds every mistake in a Kafka topic. */
export function checkKafka(mistakes: Mistakes, args: KafkaEventArgs, path: string): void {
  checkFilters(mistakes, args, path, KAFKA_RECORD);
  checkStart(mistakes, args, path);
  checkPlace(mistakes, args, path);
  checkAuthentication(mistakes, args, path);
  checkPollers(mistakes, args, path);
}

function checkPlace(mistakes: Mistakes, args: KafkaEventArgs, path: string): void {
  const { clusterArn, bootstrapServers } = args;
  if (clusterArn === undefined && bootstrapServers === undefined) {
    mistakes.add(`${path}.clusterArn`, "is missing; write the ARN of a cluster in MSK, or `bootstrapServers`");
  }
  if (typeof clusterArn === "string") {
    const isCluster = /^arn:[\w-]+:kafka:[^:]*:[^:]*:cluster\/[\w.-]+\/[\w-]+$/.test(clusterArn);
    mistakes.check(isCluster, `${path}.clusterArn`, `is "${clusterArn}"; write the ARN of a cluster in MSK`);
  }
  for (const [index, server] of (bootstrapServers ?? []).entries()) {
    const isServer = typeof server !== "string" || /^[\w.-]+:\d{1,5}$/.test(server);
    mistakes.check(isServer, `${path}.bootstrapServers[${index}]`, `is "${server}"; write host:port`);
  }
  if (clusterArn === undefined) return;
  const known = mistakes.from(`${path}.clusterArn`);
  known.check(
    bootstrapServers === undefined,
    `${path}.bootstrapServers`,
    "cannot be combined with `clusterArn`; write one of them",
  );
  for (const key of elsewhereOnly) {
    known.check(args[key] === undefined, `${path}.${key}`, "is for `bootstrapServers` only; leave it out");
  }
}

/** @see AWS Lambda API, SourceAccessConfiguration */
function checkAuthentication(mistakes: Mistakes, args: KafkaEventArgs, path: string): void {
  const { clusterArn, bootstrapServers, authentication, vpc } = args;
  if (clusterArn !== undefined) {
    const kind = authentication?.kind ?? "";
    const isTaken = !["SASL_SCRAM_256_AUTH", "BASIC_AUTH"].includes(kind);
    const instead = 'write "SASL_SCRAM_512_AUTH" or "CLIENT_CERTIFICATE_TLS_AUTH"';
    mistakes.check(isTaken, `${path}.authentication.kind`, `is "${kind}", which MSK does not have; ${instead}`);
  } else if (bootstrapServers) {
    const isReached = authentication !== undefined || vpc !== undefined;
    const instead = "write how brokers on the internet know Lambda, or `vpc`";
    mistakes.check(isReached, `${path}.authentication`, `is missing; ${instead}`);
  }
}

function checkPollers(mistakes: Mistakes, args: KafkaEventArgs, path: string): void {
  if (args.onDemand) {
    for (const key of provisionedOnly) {
      mistakes
        .from(`${path}.onDemand`)
        .check(args[key] === undefined, `${path}.${key}`, "needs pollers that always read; leave out `onDemand`");
    }
    return;
  }
  const { minimum, maximum } = args.pollers ?? {};
  if (maximum === undefined) return;
  const known = mistakes.from(`${path}.pollers.maximum`);
  known.range(minimum, `${path}.pollers.minimum`, 1, Math.min(maximum, 200), "pollers, and not more than `maximum`");
}
