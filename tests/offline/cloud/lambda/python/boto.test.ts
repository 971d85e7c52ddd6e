import { expect } from "chai";
import { CLUSTER, cluster } from "../../../../helpers/offline/emr";
import { invoke } from "../../../../helpers/offline/functions";
import { graphOf, lambda, resource, table } from "../../../../helpers/offline/graph";
import { needsPython, pythonResult, servePython } from "../../../../helpers/offline/python";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

describe("boto3 in a Lambda function", () => {
  afterEach(closeServers);

  describe("where this machine has it", () => {
    needsPython("boto3");

    it("calls the program's own services, without any setting in the code", async () => {
      const code = `
import os, boto3
from boto3.dynamodb.conditions import Key
items = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")

def handler(event, context):
    items.put_item(Item={"id": event["id"], "price": 5, "tags": {"a", "b"}})
    s3.put_object(Bucket="reports", Key="today.txt", Body=b"done")
    found = items.query(KeyConditionExpression=Key("id").eq(event["id"]))["Items"]
    return {
        "price": found[0]["price"],
        "tags": sorted(found[0]["tags"]),
        "report": s3.get_object(Bucket="reports", Key="today.txt")["Body"].read().decode(),
        "account": boto3.client("sts").get_caller_identity()["Account"],
    }`;
      const settings = { runtime: "python3.9", timeout: 60, environment: { variables: { TABLE: "items" } } };
      const server = await serveGraph(
        graphOf(
          temporaryFolder(),
          table("items"),
          resource("aws:s3/bucket:Bucket", "reports", {}, { bucket: "reports" }),
          lambda("main", { "index.py": code }, settings),
        ),
      );
      expect((await invoke(server, { id: "one" })).result).to.deep.equal({
        price: 5,
        tags: ["a", "b"],
        report: "done",
        account: "123456789012",
      });
    });

    it("adds steps to a cluster of the program", async () => {
      const code = `
import boto3
emr = boto3.client("emr")
def handler(event, context):
    step = {"Name": "count", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["bash", "-c", "true"]}}
    [id] = emr.add_job_flow_steps(JobFlowId=event["cluster"], Steps=[step])["StepIds"]
    return emr.describe_step(ClusterId=event["cluster"], StepId=id)["Step"]["Name"]`;
      const main = lambda("main", { "index.py": code }, { runtime: "python3.9", timeout: 60 });
      const server = await serveGraph(graphOf(temporaryFolder(), cluster(), main));
      expect((await invoke(server, { cluster: CLUSTER })).result).to.equal("count");
    });

    it("learns of a service that is not emulated, in each of AWS's protocols", async () => {
      const code = `
import boto3
def handler(event, context):
    client = boto3.client(event["service"])
    getattr(client, event["method"])(**event["input"])`;
      const server = await servePython(code, { timeout: 60 });
      const calls = [
        { service: "cloudformation", method: "delete_stack", input: { StackName: "a" } },
        { service: "firehose", method: "put_record", input: { DeliveryStreamName: "a", Record: { Data: "b" } } },
      ];
      for (const call of calls) {
        const { errorType, errorMessage } = (await invoke(server, call)).result;
        expect(errorType).to.equal("ClientError");
        expect(errorMessage).to.include(`${call.service} is not emulated offline`);
        expect(errorMessage).to.include(`--endpoint ${call.service}=`);
      }
    });

    it("tells what AWS would refuse by the error's class", async () => {
      const code = `
import boto3
client = boto3.client("dynamodb")
def handler(event, context):
    try:
        client.describe_table(TableName="missing")
    except client.exceptions.ResourceNotFoundException as error:
        return error.response["Error"]["Code"]`;
      expect(await pythonResult(code, { timeout: 60 })).to.equal("ResourceNotFoundException");
    });
  });

  describe("where it is missing or old", () => {
    needsPython();

    it("is missing in so many words, with what to do", async () => {
      // In front of the machine's own, if that has one.
      const files = {
        "boto3.py": "raise ModuleNotFoundError(\"No module named 'boto3'\", name='boto3')",
        "index.py": "import boto3",
      };
      const server = await servePython(files);
      const { result } = await invoke(server);
      expect(result.errorType).to.equal("Runtime.ImportModuleError");
      expect(server.lines.join("\n")).to.match(
        /Lambda's runtime has boto3, but this Python does not: run \S+ -m pip install boto3/,
      );
    });

    it("is named if it would call AWS itself", async () => {
      const files = {
        "botocore/__init__.py": "__version__ = '1.30.9'",
        "index.py": "def handler(event, context):\n    import botocore",
      };
      const server = await servePython(files);
      await invoke(server);
      expect(server.lines.join("\n")).to.match(/botocore 1\.30\.9 calls AWS itself.*use boto3 1\.28 or later/);
    });
  });
});
