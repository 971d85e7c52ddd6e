import { type FunctionAccess, InstanceSchedule, LambdaFunction } from "pulumi-graviton";
import { answering, type Part, watched } from "./common";
import { config } from "./config";
import { kmsKeyArn } from "./encryption";
import { servedBy } from "./handlers/http/router";
import { instancesRoutes } from "./handlers/instances/routes";

const tag = { key: "schedule", value: "office-hours" };

/** The schedule of the EC2 instances with the tag, and the function that starts and stops them on demand. */
export function createWorkers(records: FunctionAccess): Part {
  const schedule = new InstanceSchedule("office-hours", {
    tag,
    start: "cron(0 7 ? * MON-FRI *)",
    stop: "cron(0 19 ? * MON-FRI *)",
    timeZone: config.timeZone,
    minimumUptime: 30,
    kmsKeyArn,
    ...watched,
  });
  const instances = new LambdaFunction("instances", {
    ...answering,
    entry: "handlers/instances.ts",
    access: [schedule.access(["describe", "start", "stop"]), records],
  });
  return { routes: servedBy(instancesRoutes, instances), watch: [instances, schedule] };
}
