import type { InstanceStateName, Instance as OwnInstance } from "@aws-sdk/client-ec2";
import { stateSchemaOf } from "../http/openapi";
import type { JsonSchema } from "../http/schema";

/** An instance as callers see it. */
export interface Instance {
  id: string;
  /** The value of its `Name` tag. */
  name?: string;
  type?: string;
  architecture?: string;
  zone?: string;
  state: InstanceStateName;
  /** RFC 3339. */
  launchedAt?: string;
  /** Its Auto Scaling group. */
  group?: string;
}

const stateMeanings: Record<InstanceStateName, string> = {
  pending: "starts",
  running: "runs",
  stopping: "is being stopped",
  stopped: "can be started",
  "shutting-down": "is being terminated",
  terminated: "is gone for good",
};

export const stateSchema = stateSchemaOf("InstanceState", stateMeanings);

export const instanceIdSchema: JsonSchema = { type: "string", pattern: "^i-([0-9a-f]{8}|[0-9a-f]{17})$" };

/** Of the examples. */
const instanceId = "i-0123456789abcdef0";

export const instanceSchema: JsonSchema = {
  title: "Instance",
  type: "object",
  required: ["id", "state"],
  properties: {
    id: instanceIdSchema,
    name: { type: "string", description: "The value of its Name tag" },
    type: { type: "string", description: "The instance type, such as m8g.large" },
    architecture: { type: "string" },
    zone: { type: "string", description: "The Availability Zone" },
    state: stateSchema,
    launchedAt: { type: "string", format: "date-time" },
    group: { type: "string", description: "The name of its Auto Scaling group" },
  },
  example: {
    id: instanceId,
    name: "worker",
    type: "m8g.large",
    architecture: "arm64",
    zone: "eu-west-1a",
    state: "running",
    launchedAt: "2026-01-31T12:00:00.000Z",
  },
};

export const changedInstanceSchema: JsonSchema = {
  title: "ChangedInstance",
  type: "object",
  required: ["id", "state"],
  properties: { id: instanceIdSchema, state: stateSchema },
  example: { id: instanceId, state: "pending" },
};

export function instanceFrom(instance: OwnInstance): Instance {
  const { InstanceId = "", InstanceType, Architecture, Placement, State, LaunchTime, Tags = [] } = instance;
  const tag = (key: string) => Tags.find(({ Key }) => Key === key)?.Value;
  return {
    id: InstanceId,
    name: tag("Name"),
    type: InstanceType,
    architecture: Architecture,
    zone: Placement?.AvailabilityZone,
    state: State?.Name ?? "pending",
    launchedAt: LaunchTime?.toISOString(),
    group: tag("aws:autoscaling:groupName"),
  };
}
