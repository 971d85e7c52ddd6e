import { EncryptionKey, type EncryptionKeyArgs, KeyService } from "pulumi-graviton";
import { config, DataPlatform } from "./config";

const hasLake = config.dataPlatform !== DataPlatform.None;

/** The customer key, if anything is encrypted with one. It keeps its name, so that no data loses its key. */
const key =
  hasLake || config.customerKey ? new EncryptionKey("data", keyArgs(), { protect: config.protectData }) : undefined;

/** The key of the data lake and of Spark's logs; undefined without them. */
export const lakeKeyArn = hasLake ? key?.keyArn : undefined;
/** The key of everything else; undefined for AWS's own keys. */
export const kmsKeyArn = config.customerKey ? key?.keyArn : undefined;

/**
 * Tables, buckets and functions use the key with the permissions of their callers. CloudWatch Logs may use it in every
 * stack: events that were encrypted with it while `customerKey` was true must stay readable.
 */
function keyArgs(): EncryptionKeyArgs {
  const ofSpark = config.dataPlatform === DataPlatform.Serverless ? [KeyService.EmrServerless] : [];
  const services = [KeyService.Logs, ...ofSpark];
  if (!config.customerKey) return { description: "The data lake, and the logs of its jobs", services };
  const ofAlarms = config.alarms ? [KeyService.Alarms] : [];
  const ofEvents = config.alarms || hasLake ? [KeyService.Events] : [];
  return { description: "Data at rest", services: [...services, ...ofAlarms, ...ofEvents] };
}
