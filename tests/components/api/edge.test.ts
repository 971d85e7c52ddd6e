import { expect } from "chai";
import { HttpApi, type RouteArgs, ServerlessApi, type ServerlessApiArgs } from "../../../components";
import { mistakes as found, inputsOf, resolved, resources, startMocks } from "../../helpers/components/mocks";

const route: RouteArgs = { function: { functionName: "list", invokeArn: "arn:list" }, operationId: "list" };
const routes = { "GET /items": route };
const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
const certificateArn = certificate("eu-west-1");
const name = "api.example.com";

const mistakes = (create: () => unknown) => Object.fromEntries(found(create));

describe("what stands in front of an API", () => {
  beforeEach(startMocks);

  const rest = (args: Partial<ServerlessApiArgs>) => new ServerlessApi("api", { routes, ...args });
  const http = (args: Partial<ServerlessApiArgs>) => new HttpApi("api", { routes, ...args });

  async function created(pattern: RegExp): Promise<string[]> {
    return (await resources()).map(({ type }) => type).filter((type) => pattern.test(type));
  }

  describe("a domain", () => {
    it("is mapped to the stage, and gives the URL", async () => {
      const api = rest({ domain: { name, certificateArn, basePath: "v1" } });
      expect(await resolved(api.url)).to.equal("https://api.example.com/v1");
      expect(await inputsOf("aws:apigateway/domainName:DomainName")).to.deep.include({
        domainName: name,
        regionalCertificateArn: certificateArn,
        endpointConfiguration: { types: "REGIONAL" },
        securityPolicy: "TLS_1_2",
      });
      expect(await inputsOf("aws:apigateway/basePathMapping:BasePathMapping")).to.include({
        restApi: "api-id",
        stageName: "Prod",
        basePath: "v1",
      });
      expect(await created(/route53|acm/)).to.deep.equal([]);
      expect(JSON.parse(await resolved(api.document)).servers).to.deep.equal([{ url: "https://api.example.com/v1" }]);
    });

    it("gets a validated certificate and its records in a zone", async () => {
      const api = rest({ domain: { name, zoneId: "Z1" } });
      expect(await resolved(api.url)).to.equal("https://api.example.com");
      expect(await inputsOf("aws:acm/certificate:Certificate")).to.deep.equal({
        domainName: name,
        validationMethod: "DNS",
      });
      expect(await created(/route53|acm/)).to.have.members([
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:route53/record:Record",
        "aws:route53/record:Record",
      ]);
    });

    it("of an edge API has its certificate in us-east-1", async () => {
      const api = rest({ endpointType: "EDGE", domain: { name, zoneId: "Z1" } });
      await resolved(api.url);
      expect(await inputsOf("aws:acm/certificate:Certificate")).to.include({ region: "us-east-1" });
      expect(await inputsOf("aws:apigateway/domainName:DomainName")).not.to.have.property("regionalCertificateArn");
    });

    it("of an edge API can have a certificate that exists there", async () => {
      const given = certificate("us-east-1");
      const api = rest({ endpointType: "EDGE", domain: { name, certificateArn: given } });
      expect(await resolved(api.url)).to.equal("https://api.example.com");
      const { endpointConfiguration, certificateArn } = await inputsOf("aws:apigateway/domainName:DomainName");
      expect([endpointConfiguration, certificateArn]).to.deep.equal([{ types: "EDGE" }, given]);
    });

    it("has the access mode that AWS demands beside the newer TLS policies", async () => {
      const domain = { name, certificateArn, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" };
      rest({ domain });
      expect(await inputsOf("aws:apigateway/domainName:DomainName")).to.include({ endpointAccessMode: "BASIC" });
      await startMocks();
      rest({ domain: { ...domain, endpointAccessMode: "STRICT" } });
      expect(await inputsOf("aws:apigateway/domainName:DomainName")).to.include({ endpointAccessMode: "STRICT" });
      const old = { name, certificateArn, endpointAccessMode: "STRICT" as const };
      expect(mistakes(() => rest({ domain: old }))).to.have.all.keys("domain.endpointAccessMode");
      expect(mistakes(() => http({ domain: old }))).to.have.all.keys("domain.endpointAccessMode");
    });

    it("asks callers for certificates with mutual TLS", async () => {
      rest({ domain: { name, certificateArn, mutualTls: { truststoreUri: "s3://trust/store.pem" } } });
      const { mutualTlsAuthentication } = await inputsOf("aws:apigateway/domainName:DomainName");
      expect(mutualTlsAuthentication).to.deep.equal({ truststoreUri: "s3://trust/store.pem" });
    });

    it("of an HTTP API is one of version 2", async () => {
      const api = http({ domain: { name, certificateArn, basePath: "v1" } });
      expect(await resolved(api.url)).to.equal("https://api.example.com/v1");
      expect(await inputsOf("aws:apigatewayv2/apiMapping:ApiMapping")).to.include({
        stage: "Prod",
        apiMappingKey: "v1",
      });
    });

    it("has a certificate in the right region, and only what its kind of API has", () => {
      const mutualTls = { truststoreUri: "s3://trust/store.pem" };
      const domain = { name, certificateArn, mutualTls, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" };
      expect(mistakes(() => rest({ endpointType: "EDGE", domain }))).to.have.all.keys(
        "domain.certificateArn",
        "domain.mutualTls",
        "domain.securityPolicy",
      );
      expect(mistakes(() => rest({ domain: { name } }))).to.have.all.keys("domain.certificateArn");
      expect(mistakes(() => http({ domain }))).to.have.all.keys("domain.securityPolicy");
      const hidden = { endpointType: "PRIVATE" as const, resourcePolicy: "{}", domain: { name, certificateArn } };
      expect(mistakes(() => rest(hidden))).to.have.all.keys("domain");
    });
  });

  describe("a firewall", () => {
    it("refuses what AWS's usual rules refuse, but not large bodies, and too many requests", async () => {
      rest({ waf: { rateLimit: 2000 } });
      const { rules, scope } = await inputsOf("aws:wafv2/webAcl:WebAcl");
      expect(scope).to.equal("REGIONAL");
      expect(rules.map((rule: { name: string; priority: number }) => [rule.priority, rule.name])).to.deep.equal([
        [0, "rate"],
        [1, "AWSManagedRulesCommonRuleSet"],
        [2, "AWSManagedRulesKnownBadInputsRuleSet"],
        [3, "AWSManagedRulesAmazonIpReputationList"],
      ]);
      expect(rules[1].statement.managedRuleGroupStatement.ruleActionOverrides).to.deep.equal([
        { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
      ]);
      expect(await inputsOf("aws:wafv2/webAclAssociation:WebAclAssociation")).to.have.property("resourceArn");
    });

    it("can be one that exists", async () => {
      rest({ waf: { webAclArn: "arn:acl" } });
      const association = await inputsOf("aws:wafv2/webAclAssociation:WebAclAssociation");
      expect(association).to.include({ webAclArn: "arn:acl" });
      expect(await created(/webAcl:WebAcl/)).to.deep.equal([]);
    });

    it("has no rules beside those of one that exists, and some otherwise", () => {
      const waf = { webAclArn: "arn:acl", managedRuleGroups: ["AWSManagedRulesSQLiRuleSet"], rateLimit: 10 };
      expect(mistakes(() => rest({ waf }))).to.have.all.keys("waf.managedRuleGroups", "waf.rateLimit");
      expect(mistakes(() => rest({ waf: { managedRuleGroups: [] } }))).to.have.all.keys("waf");
    });

    it("is not one for CloudFront", () => {
      const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/main/1";
      expect(mistakes(() => rest({ waf: { webAclArn } }))).to.have.all.keys("waf.webAclArn");
    });
  });

  describe("a canary", () => {
    it("gets its part of the requests with a deployment and variables of its own", async () => {
      rest({ stageVariables: { table: "a" }, canary: { percentTraffic: 12.5, stageVariables: { table: "b" } } });
      const { canarySettings, deployment, variables } = await inputsOf("aws:apigateway/stage:Stage");
      expect(canarySettings).to.deep.equal({
        deploymentId: "api-canary-id",
        percentTraffic: 12.5,
        stageVariableOverrides: { table: "b" },
      });
      expect([deployment, variables]).to.deep.equal(["api-id", { table: "a" }]);
    });
  });

  describe("a cache", () => {
    const parameters = { page: { in: "query" as const, schema: {} }, "x-team": { in: "header" as const, schema: {} } };
    const cached = (more: Partial<RouteArgs> = {}) => ({ "GET /items/{id}": { ...route, parameters, ...more } });

    it("keeps the responses of the routes that say so, for each value of their parameters", async () => {
      const throttle = { rateLimit: 5, burstLimit: 10 };
      rest({ routes: cached({ cache: { ttlInSeconds: 60 } }), cacheSize: "0.5", throttle });
      const stage = await inputsOf("aws:apigateway/stage:Stage");
      expect(stage).to.include({ cacheClusterEnabled: true, cacheClusterSize: "0.5" });
      const all = await inputsOf("aws:apigateway/methodSettings:MethodSettings", "api");
      expect(all.settings).not.to.have.property("cachingEnabled");
      const { methodPath, settings } = await inputsOf("aws:apigateway/methodSettings:MethodSettings", "api-list");
      expect(methodPath).to.equal("~1items~1{id}/GET");
      expect(settings).to.include({ cachingEnabled: true, cacheTtlInSeconds: 60, cacheDataEncrypted: true });
      expect(settings).to.include({ throttlingRateLimit: 5, throttlingBurstLimit: 10 });
      expect(await keys()).to.deep.equal([
        "method.request.path.id",
        "method.request.querystring.page",
        "method.request.header.x-team",
      ]);
    });

    it("tells responses apart by some of the parameters only", async () => {
      rest({ routes: cached({ cache: { keys: ["id"] } }), cacheSize: "0.5" });
      expect(await keys()).to.deep.equal(["method.request.path.id"]);
    });

    async function keys(): Promise<string[]> {
      const { body } = await inputsOf("aws:apigateway/restApi:RestApi");
      return JSON.parse(body).paths["/items/{id}"].get["x-amazon-apigateway-integration"].cacheKeyParameters;
    }

    it("is used, and only for what API Gateway can keep", () => {
      expect(mistakes(() => rest({ cacheSize: "0.5" }))).to.have.all.keys("cacheSize");
      expect(mistakes(() => rest({ routes: cached({ cache: {} }) }))).to.have.all.keys(
        'routes["GET /items/{id}"].cache',
      );
      const wrong = {
        "POST /a": { ...route, cache: {} },
        "GET /b": { ...route, operationId: "b", responseTransferMode: "STREAM" as const, cache: { keys: ["c", "d"] } },
      };
      const found = mistakes(() => rest({ routes: wrong, cacheSize: "0.5" }));
      expect(found).to.have.all.keys(
        'routes["POST /a"].cache',
        'routes["GET /b"].cache',
        'routes["GET /b"].cache.keys',
      );
    });
  });

  describe("a stage", () => {
    it("shows web servers the client certificate", async () => {
      rest({ clientCertificateId: "cert" });
      expect(await inputsOf("aws:apigateway/stage:Stage")).to.include({ clientCertificateId: "cert" });
    });

    it("has its variables in both kinds of API", async () => {
      http({ stageVariables: { table: "a" } });
      const { stageVariables } = await inputsOf("aws:apigatewayv2/stage:Stage");
      expect(stageVariables).to.deep.equal({ table: "a" });
    });

    it("keeps the other parts of a response that the API sets in part", async () => {
      const cors = { allowOrigins: ["https://app.example" as const] };
      const gatewayResponses = {
        THROTTLED: { statusCode: 503, headers: { "X-Reason": "busy" } },
        WAF_FILTERED: { templates: { "text/plain": "no: $context.requestId" } },
      };
      rest({ cors, gatewayResponses });
      const { body } = await inputsOf("aws:apigateway/restApi:RestApi");
      const { THROTTLED, WAF_FILTERED } = JSON.parse(body)["x-amazon-apigateway-gateway-responses"];
      expect(THROTTLED).to.deep.include({ statusCode: 503 });
      expect(THROTTLED.responseParameters).to.include({
        "gatewayresponse.header.X-Reason": "'busy'",
        "gatewayresponse.header.Retry-After": "'1'",
        "gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example'",
      });
      expect(THROTTLED.responseTemplates["application/json"]).to.include('"status":503');
      expect(WAF_FILTERED.statusCode).to.equal(403);
      expect(WAF_FILTERED.responseTemplates).to.deep.equal({ "text/plain": "no: $context.requestId" });
    });

    it("has nothing that AWS would refuse", () => {
      const gatewayResponses = {
        TEAPOT: {},
        THROTTLED: { headers: { "X Y": "it's" }, templates: { "application/json": "#if($a)" } },
      };
      const wrong = () =>
        rest({
          gatewayResponses,
          stageVariables: { "a-b": "c d" },
          canary: { percentTraffic: 5, stageVariables: { "e-f": "g" } },
          accessLogFormat: '{"id": $context.requestId,}',
        });
      expect(mistakes(wrong)).to.have.all.keys(
        "gatewayResponses.TEAPOT",
        'gatewayResponses.THROTTLED.headers["X Y"]',
        'gatewayResponses.THROTTLED.templates["application/json"]',
        "stageVariables.a-b",
        "canary.stageVariables.e-f",
        "accessLogFormat",
      );
    });

    it("of an HTTP API has no firewall, canary or responses of its own", () => {
      const args = { waf: {}, canary: { percentTraffic: 5 }, gatewayResponses: { THROTTLED: {} } };
      expect(mistakes(() => http(args))).to.have.all.keys("waf", "canary", "gatewayResponses");
    });
  });
});
