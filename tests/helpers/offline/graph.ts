import type { Graph, Resource } from "../../../offline/engine/graph";
import { KnownSecrets } from "../../../offline/engine/secrets";
import { Archive, Asset, type Properties } from "../../../offline/engine/values";

const ACCOUNT = "123456789012";
const REGION = "eu-west-1";

/** A graph as a program in `directory` would have registered it. */
export function graphOf(directory: string, ...resources: Resource[]): Graph {
  return {
    project: "project",
    stack: "dev",
    organization: "organization",
    directory,
    workingDirectory: directory,
    region: REGION,
    resources,
    outputs: {},
    diagnostics: [],
    policyPacks: [],
    secrets: new KnownSecrets(),
  };
}

export function resource(type: string, name: string, inputs: Properties, outputs: Properties = {}): Resource {
  return {
    urn: `urn:pulumi:dev::project::${type}::${name}`,
    type,
    name,
    custom: true,
    external: false,
    id: String(outputs.id ?? name),
    inputs,
    outputs: { ...inputs, ...outputs },
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    options: {},
  };
}

/** A function with this code: the text of `index.js`, or the named files. */
export function lambda(name: string, code: string | Record<string, string>, inputs: Properties = {}): Resource {
  const files = typeof code === "string" ? { "index.js": code } : code;
  const assets = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, new Asset({ text })]));
  return lambdaOf(name, new Archive({ assets }), inputs);
}

export function lambdaOf(name: string, code: Archive, inputs: Properties = {}): Resource {
  const defaults = { handler: "index.handler", runtime: "nodejs22.x", memorySize: 128, timeout: 3 };
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
  return resource("aws:lambda/function:Function", name, { ...defaults, ...inputs, code }, { name, arn });
}

export function table(name: string, inputs: Properties = {}): Resource {
  const defaults = { hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" };
  return resource("aws:dynamodb/table:Table", name, { ...defaults, ...inputs }, { name });
}

/** A REST API with a stage. */
export function restApi(name: string, document: object, stage: Properties = {}, inputs: Properties = {}): Resource[] {
  const id = `${name}0id`;
  const body = JSON.stringify(document);
  return [
    resource(
      "aws:apigateway/restApi:RestApi",
      name,
      { ...inputs, body },
      { id, arn: `arn:aws:apigateway:${REGION}::/restapis/${id}` },
    ),
    resource("aws:apigateway/stage:Stage", name, { restApi: id, stageName: "Prod", ...stage }),
  ];
}

/** The operation of a route that a function serves. */
export function proxy(functionName: string, operation: object = {}): object {
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`;
  const uri = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  return { ...operation, "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri } };
}
