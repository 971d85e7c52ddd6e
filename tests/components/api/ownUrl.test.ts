import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HttpApi, LambdaFunction, ServerlessApi } from "../../../components";
import { inputsOf, resolved, startMocks } from "../../helpers/components/mocks";

describe("the URL of an API with a domain", () => {
  beforeEach(startMocks);

  for (const Api of [ServerlessApi, HttpApi]) {
    it(`of the kind ${Api.name} can be in the environment of a function that the API calls`, async () => {
      const name = "api.example.com";
      const code = new pulumi.asset.AssetArchive({});
      const environment = { API_URL: `https://${name}` };
      const items = new LambdaFunction("items", { code, handler: "index.handler", environment });
      const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
      const routes = { "GET /items": { function: items, operationId: "listItems" } };
      const api = new Api("api", { routes, domain: { name, certificateArn } });
      const { variables } = (await inputsOf("aws:lambda/function:Function")).environment;
      expect(await resolved(api.url)).to.equal(variables.API_URL);
    });
  }
});
