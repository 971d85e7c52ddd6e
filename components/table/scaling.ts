import * as appautoscaling from "@pulumi/aws/appautoscaling";
import type * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { CapacityArgs, ItemsTableArgs } from "./args";

/** Lets the capacity of a table and its global indexes follow the load, where a maximum is given. */
export function followLoad(
  name: string,
  table: dynamodb.Table,
  args: ItemsTableArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const tablePath = pulumi.interpolate`table/${table.name}`;
  const scale = (scaledName: string, resourceId: pulumi.Output<string>, kind: "table" | "index") => {
    const { readCapacity, writeCapacity, tags } = args;
    if (readCapacity?.maximum) track(`${scaledName}-read`, resourceId, `${kind}:Read`, readCapacity, tags, opts);
    if (writeCapacity?.maximum) track(`${scaledName}-write`, resourceId, `${kind}:Write`, writeCapacity, tags, opts);
  };
  scale(name, tablePath, "table");
  for (const index of args.globalIndexes ?? []) {
    scale(`${name}-${index.name}`, pulumi.interpolate`${tablePath}/index/${index.name}`, "index");
  }
}

function track(
  name: string,
  resourceId: pulumi.Output<string>,
  dimension: string,
  { minimum, maximum = minimum, targetUtilization = 70 }: CapacityArgs,
  tags: ItemsTableArgs["tags"],
  opts: pulumi.CustomResourceOptions,
): void {
  const target = new appautoscaling.Target(
    name,
    {
      serviceNamespace: "dynamodb",
      scalableDimension: `dynamodb:${dimension}CapacityUnits`,
      resourceId,
      minCapacity: minimum,
      maxCapacity: maximum,
      tags,
    },
    opts,
  );
  const { serviceNamespace, scalableDimension } = target;
  const metric = `DynamoDB${dimension.endsWith("Read") ? "Read" : "Write"}CapacityUtilization`;
  new appautoscaling.Policy(
    name,
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace,
      scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: metric },
        targetValue: targetUtilization,
      },
    },
    opts,
  );
}
