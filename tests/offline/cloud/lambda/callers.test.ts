import { expect } from "chai";
import type { Resource } from "../../../../offline/engine/graph";
import type { Properties } from "../../../../offline/engine/values";
import { ACCOUNT, EVENTS_ARN, REGION } from "../../../helpers/offline/events";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:main`;
const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:news`;
const groupArn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/jobs`;

const callers: Record<string, { what: string; sourceArn: string; resources(arn: string): Resource[] }> = {
  events: {
    what: "rule orders",
    sourceArn: `${EVENTS_ARN}:rule/shop/orders`,
    resources: (arn) => [
      resource(
        "aws:cloudwatch/eventRule:EventRule",
        "orders",
        { name: "orders", eventBusName: "shop", eventPattern: '{"source":["shop"]}' },
        { arn: `${EVENTS_ARN}:rule/shop/orders` },
      ),
      resource("aws:cloudwatch/eventTarget:EventTarget", "orders", { rule: "orders", eventBusName: "shop", arn }),
    ],
  },
  logs: {
    what: "log group /jobs",
    sourceArn: `${groupArn}:*`,
    resources: (destinationArn) => [
      resource("aws:cloudwatch/logGroup:LogGroup", "jobs", { name: "/jobs" }, { arn: groupArn }),
      resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "jobs", {
        logGroup: "/jobs",
        filterPattern: "",
        destinationArn,
      }),
    ],
  },
  s3: {
    what: "bucket uploads",
    sourceArn: "arn:aws:s3:::uploads",
    resources: (lambdaFunctionArn) => [
      resource("aws:s3/bucket:Bucket", "uploads", { bucket: "uploads" }, { id: "uploads" }),
      resource("aws:s3/bucketNotification:BucketNotification", "uploads", {
        bucket: "uploads",
        lambdaFunctions: [{ lambdaFunctionArn, events: ["s3:ObjectCreated:*"] }],
      }),
    ],
  },
  sns: {
    what: "SNS topic news",
    sourceArn: topicArn,
    resources: (endpoint) => [
      resource("aws:sns/topic:Topic", "news", { name: "news" }, { arn: topicArn }),
      resource("aws:sns/topicSubscription:TopicSubscription", "news", {
        topic: topicArn,
        protocol: "lambda",
        endpoint,
      }),
    ],
  },
};

const allow = (service: string, more: Properties = {}) =>
  resource("aws:lambda/permission:Permission", "allow", {
    action: "lambda:InvokeFunction",
    function: "main",
    principal: `${service}.amazonaws.com`,
    ...more,
  });

describe("What calls functions by their resource-based policies", () => {
  afterEach(closeServers);

  const problemsOf = async (...resources: Resource[]) => {
    const main = lambda("main", "exports.handler = async () => 1;");
    const { problems } = await serveGraph(graphOf(temporaryFolder(), main, ...resources));
    return problems.filter((problem) => problem.includes("AWS does not let it"));
  };

  for (const [service, { what, sourceArn, resources }] of Object.entries(callers)) {
    it(`is named if it may not, and what to write: ${service}`, async () => {
      const lacking =
        `${what} calls function main offline, but AWS does not let it: write an aws.lambda.Permission ` +
        `with principal ${service}.amazonaws.com, sourceArn ${sourceArn}`;
      const all = resources(functionArn);
      expect(await problemsOf(...all)).to.deep.equal([lacking]);
      expect(await problemsOf(...all, allow(service, { sourceArn: `${sourceArn}-2` }))).to.deep.equal([lacking]);
      expect(await problemsOf(...all, allow("apigateway"))).to.deep.equal([lacking]);
      expect(await problemsOf(...all, allow(service, { sourceArn }))).to.deep.equal([]);
      expect(await problemsOf(...all, allow(service, { function: functionArn }))).to.deep.equal([]);
    });
  }

  it("needs a permission for the alias that it calls", async () => {
    const alias = resource("aws:lambda/alias:Alias", "live", { functionName: "main", functionVersion: "$LATEST" });
    const all = [alias, ...(callers.sns?.resources(`${functionArn}:live`) ?? [])];
    expect((await problemsOf(...all, allow("sns"))).join()).to.match(/, qualifier live$/);
    expect(await problemsOf(...all, allow("sns", { qualifier: "live" }))).to.deep.equal([]);
  });

  it("is not judged where a role calls, or the policy is a document of its own", async () => {
    const [rule, target] = callers.events?.resources(functionArn) ?? [];
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/caller`;
    if (!rule || !target) throw new Error("There are two resources");
    const withRole = { ...target, inputs: { ...target.inputs, roleArn }, outputs: { ...target.outputs, roleArn } };
    expect(await problemsOf(rule, withRole)).to.deep.equal([]);
    const policy = resource("aws:lambda/resourcePolicy:ResourcePolicy", "open", {
      resourceArn: functionArn,
      policy: "{}",
    });
    expect(await problemsOf(rule, target, policy)).to.deep.equal([]);
  });
});
