import { RunJobFlowCommand } from "@aws-sdk/client-emr";
import { CreateApplicationCommand } from "@aws-sdk/client-emr-serverless";
import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { closeEmr, refusal, serveEmr } from "../../../helpers/offline/emr";

const differs = "not emulated: clusters and applications are those of the program";

describe("Where EMR and EMR Serverless differ,", () => {
  let server: Awaited<ReturnType<typeof serveEmr>>;
  before(async () => {
    server = await serveEmr();
  });
  after(closeEmr);

  const ofClusters = [
    { fact: "RunJobFlow starts a cluster", differs, command: new RunJobFlowCommand({ Name: "one", Instances: {} }) },
  ];
  testFacts({ service: "EMR", source: DOCUMENTATION, facts: ofClusters }, async ({ command }) => {
    expect(await refusal(server.emr.send(command))).to.equal("Error: it was not refused");
  });

  const application = { releaseLabel: "emr-7.10.0", type: "Spark", clientToken: "token" };
  const ofApplications = [
    { fact: "CreateApplication creates one", differs, command: new CreateApplicationCommand(application) },
  ];
  testFacts({ service: "EMR Serverless", source: DOCUMENTATION, facts: ofApplications }, async ({ command }) => {
    expect(await refusal(server.serverless.send(command))).to.equal("Error: it was not refused");
  });
});
