import * as aws from "@pulumi/aws";
import { Network } from "../../../../components/network/network";

const own = new Network("own", { nat: "None", tags: { team: "a" } });
const there = new Network("there", {
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  routeTableIds: ["rtb-1"],
  interfaceEndpoints: ["logs"],
});
new Network("meant", { nat: "None", interfaceEndpoints: [] });
const regional = new Network("regional", { nat: "Regional", zones: 3, tags: { team: "a" } });

for (const [name, { privateSubnetIds }] of Object.entries({ own, there, regional })) {
  new aws.elasticache.SubnetGroup(name, { subnetIds: privateSubnetIds });
}
