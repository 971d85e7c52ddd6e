import { expect } from "chai";
import { closedSecurityGroup } from "../../../components/network/securityGroup";
import { inputsOf, startMocks } from "../../helpers/components/mocks";

const type = "aws:ec2/securityGroup:SecurityGroup";
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const anything = { protocol: "-1", fromPort: 0, toPort: 0 };

describe("a closed security group", () => {
  beforeEach(startMocks);

  it("allows no inbound traffic, and outbound HTTPS and traffic within the VPC, including its added addresses", async () => {
    closedSecurityGroup("group", { vpcId: "vpc-1", description: "Machines" }, {});
    expect(await inputsOf(type)).to.deep.equal({
      description: "Machines",
      vpcId: "vpc-1",
      ingress: [],
      egress: [
        { ...https, cidrBlocks: ["0.0.0.0/0"], description: "HTTPS, to AWS services" },
        { ...anything, cidrBlocks: ["10.0.0.0/16", "100.64.0.0/16"], description: "Inside the VPC" },
      ],
    });
  });

  it("lets in whom its arguments name, and its members talk to each other", async () => {
    const service = { protocol: "tcp", fromPort: 9443, toPort: 9443, securityGroups: ["sg-1"] };
    const members = { ...anything, self: true, description: "Nodes of one job" };
    const args = { vpcId: "vpc-1", description: "Machines", ingress: [service], members: "Nodes of one job" };
    closedSecurityGroup("group", args, {});
    const { ingress, egress } = await inputsOf(type);
    expect(ingress).to.deep.equal([service, members]);
    expect(egress[2]).to.deep.equal(members);
  });

  it("can empty itself before it is deleted, and has tags", async () => {
    const args = { vpcId: "vpc-1", description: "Machines", revokeRulesOnDelete: true, tags: { team: "a" } };
    closedSecurityGroup("group", args, {});
    expect(await inputsOf(type)).to.deep.include({ revokeRulesOnDelete: true, tags: { team: "a" } });
  });
});
