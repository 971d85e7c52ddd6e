import { AlarmTopic, type RouteArgs, type WatchedArgs } from "pulumi-graviton";
import { config } from "./config";
import { kmsKeyArn } from "./encryption";

const { alarmEmail: email, corsOrigin, logRetentionDays } = config;
const alarmTopicArns = config.alarms ? [new AlarmTopic("alarms", { email, kmsKeyArn }).topicArn] : [];

/** What everything with a log has in common. */
export const watched = { logRetentionDays, alarmTopicArns };

export const cors: Record<string, string> = corsOrigin ? { CORS_ALLOW_ORIGIN: corsOrigin } : {};

/**
 * What the API's functions have in common. The SDK gives up on an unresponsive service after 9 s; the function must still
 * be running to tell the caller.
 */
export const answering = { ...watched, kmsKeyArn, timeout: 15, environment: cors };

/** What tables, streams and queues have in common. */
export const guarded = { alarmTopicArns, kmsKeyArn };

/** Pulumi deletes no data. */
export const kept = { protect: config.protectData };

/** What a part of the program adds to the API and to the dashboard. */
export interface Part {
  routes: Record<string, RouteArgs>;
  watch: WatchedArgs[];
}
