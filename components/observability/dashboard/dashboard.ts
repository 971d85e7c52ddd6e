import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { ComponentResource } from "../../resource";
import { below, listOf, type Mistakes } from "../../validation";
import type { DashboardArgs, WatchedArgs } from "./args";
import { apiQueries, functionQueries } from "./queries";
import { dashboardBody, identifying, kindOf } from "./rows";

/** CloudWatch Logs Insights searches at most this many log groups at once. */
const logGroupsOfQuery = 50;
/** @see Amazon CloudWatch API Reference, PutDashboard */
const longestName = 255;

/**
 * A CloudWatch dashboard with a row of graphs for each of a stack's components, and saved queries of their logs: slow
 * requests and errors by route of the APIs; errors, cold starts and unused memory of the functions.
 */
export class Dashboard extends ComponentResource<DashboardArgs, Dashboard> {
  /** The names of the project, the stack and the component, as it was first called; also the folder of the saved queries. */
  declare readonly dashboardName: pulumi.Output<string>;
  /** The dashboard's ARN. */
  declare readonly dashboardArn: pulumi.Output<string>;
  /** The dashboard itself. */
  declare readonly dashboard: cloudwatch.Dashboard;
  /** The saved queries. */
  declare readonly queries: cloudwatch.QueryDefinition[];

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["dashboardName", "dashboardArn"] as const;
    super({ type: "Dashboard", rules: checkDashboard, outputs }, name, args, opts);
  }

  protected create(name: string, { watch, queries = {} }: DashboardArgs, firstName: string): void {
    const dashboardName = physicalName(firstName);
    const { region } = getRegionOutput({}, { parent: this });
    const title = `# ${pulumi.getProject()} / ${pulumi.getStack()}\nLogs Insights has the saved queries in the folder \`${dashboardName}\`.`;
    const dashboardBodyText = pulumi.jsonStringify(dashboardBody(title, watch, region));
    const args = { dashboardName, dashboardBody: dashboardBodyText };
    const dashboard = new cloudwatch.Dashboard(name, args, { parent: this });
    this.set({ dashboard, dashboardName: dashboard.dashboardName, dashboardArn: dashboard.dashboardArn });
    const save = (texts: Record<string, string>, from: WatchedArgs[]) =>
      this.saveQueries(name, dashboardName, texts, from);
    const isApi = (watched: WatchedArgs) => ["restApi", "apiId"].includes(kindOf(watched) ?? "");
    const isFunction = (watched: WatchedArgs) => kindOf(watched) === "functionName";
    this.set({
      queries: [
        ...save(apiQueries, watch.filter(isApi)),
        ...save({ ...functionQueries, ...queries }, watch.filter(isFunction)),
      ],
    });
  }

  /** A query of more log groups than can be searched at once is saved in parts. */
  private saveQueries(name: string, folder: string, queries: Record<string, string>, from: WatchedArgs[]) {
    const groups = from.flatMap(({ logGroup }) => (logGroup ? [logGroup.name] : []));
    const parts = Array.from({ length: Math.ceil(groups.length / logGroupsOfQuery) }, (_, part) =>
      groups.slice(part * logGroupsOfQuery, (part + 1) * logGroupsOfQuery),
    );
    return Object.entries(queries).flatMap(([query, queryString]) =>
      parts.map((logGroupNames, part) => {
        const full = part === 0 ? query : `${query} ${part + 1}`;
        const args = { name: `${folder}/${full}`, queryString, logGroupNames };
        return new cloudwatch.QueryDefinition(`${name}-${full.replace(/\s+/g, "-")}`, args, { parent: this });
      }),
    );
  }
}

/** Pulumi adds nothing to a dashboard's name, and another stack's dashboard of the same name would be overwritten. */
function physicalName(name: string): string {
  return [pulumi.getProject(), pulumi.getStack(), name].join("-").replace(/[^\w-]/g, "-");
}

function checkDashboard(mistakes: Mistakes, { watch, queries = {} }: DashboardArgs, name: string): void {
  const { length } = physicalName(name);
  const reason = `makes a dashboard's name of ${length} characters; write a shorter one, as CloudWatch allows ${longestName}`;
  mistakes.check(length <= longestName, "name", reason);
  for (const [index, watched] of watch.entries()) {
    const path = `watch[${index}]`;
    const kind = kindOf(watched);
    const known = identifying.map((key) => `\`${key}\``);
    mistakes.check(kind !== undefined, path, `has nothing to watch; write a component, or one of ${listOf(known)}`);
    const isApi = kind === "restApi" || kind === "apiId" || kind === "managementUrl";
    if (!isApi) continue;
    const hasStage = (watched.stageName ?? undefined) !== undefined;
    mistakes.check(hasStage, path, "is an API without `stageName`; write its stage as well");
  }
  for (const query of Object.keys(queries)) {
    const isTaken = query in functionQueries || query in apiQueries;
    mistakes.check(!isTaken, below("queries", query), "is one of the component's own queries; write another name");
  }
}
