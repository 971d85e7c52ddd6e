import * as aws from "@pulumi/aws";
import * as apigateway from "@pulumi/aws-apigateway";

const greeting = "hello";
const hello = new aws.lambda.CallbackFunction("hello", {
  callback: async (event: { path: string }) => ({ statusCode: 200, body: `${greeting} from ${event.path}` }),
});
const doorman = new aws.lambda.CallbackFunction("doorman", {
  callback: async ({ methodArn, authorizationToken }: { methodArn: string; authorizationToken: string }) => {
    if (authorizationToken === "nobody") throw new Error("Unauthorized");
    const Effect = authorizationToken === "friend" ? "Allow" : "Deny";
    const Statement = [{ Effect, Action: "execute-api:Invoke", Resource: methodArn }];
    return { principalId: "caller", policyDocument: { Version: "2012-10-17", Statement }, context: { age: 7 } };
  },
});
const echo = new aws.lambda.CallbackFunction("echo", {
  callback: async (event: object) => ({ statusCode: 200, body: JSON.stringify(event) }),
});

const api = new apigateway.RestAPI("shop", {
  stageName: "live",
  requestValidator: "PARAMS_ONLY",
  routes: [
    { path: "/", localPath: "www" },
    { path: "/license", localPath: "www/LICENSE", contentType: "text/plain" },
    { path: "hello", method: "GET", eventHandler: hello },
    {
      path: "/search",
      method: "GET",
      eventHandler: hello,
      requiredParameters: [{ name: "q", in: "query" }],
    },
    {
      path: "/guarded",
      method: "ANY",
      eventHandler: echo,
      authorizers: [{ parameterName: "Authorization", type: "token", authType: "custom", handler: doorman }],
    },
    { path: "/keyed", method: "GET", eventHandler: hello, apiKeyRequired: true },
    { path: "/signed", method: "GET", eventHandler: hello, iamAuthEnabled: true },
    {
      path: "/health",
      method: "GET",
      data: {
        "x-amazon-apigateway-integration": {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          passthroughBehavior: "when_no_templates",
          responses: { default: { statusCode: "200", responseTemplates: { "application/json": '{"up":true}' } } },
        },
      },
    },
    { path: "/elsewhere", target: { type: "aws", uri: "arn:aws:apigateway:eu-west-1:states:action/StartExecution" } },
  ],
});
const key = new aws.apigateway.ApiKey("key");
const plan = new aws.apigateway.UsagePlan("plan", {
  apiStages: [{ apiId: api.api.id, stage: api.stage.stageName }],
});
new aws.apigateway.UsagePlanKey("planned", { keyId: key.id, keyType: "API_KEY", usagePlanId: plan.id });

export const { url } = api;
export const keyValue = key.value;
