import { notEmulated } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { asText, ownResources } from "../core/resources";
import {
  type Described,
  describeAlias,
  describeConcurrency,
  describeConfiguration,
  describeEventSettings,
  describeFunction,
  describeUrl,
  describeWhole,
  tagsOf,
  versionsOf,
} from "./describe";
import { invoke, invokeWithResponseStream } from "./invoke";
import type { Lambda, Named } from "./lambda";
import { type Naming, settingsOf } from "./qualifiers";
import { arnOf, invalid, missing, notFound, type Reference, readReference } from "./reference";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const EVENT_SETTINGS = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl";

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
const MOST = 50;

/** The operations of AWS Lambda on the program's functions: they are invoked, and described as the program has them. */
export const lambda = defineService<Lambda>("lambda", {
  Invoke: invoke,
  InvokeWithResponseStream: invokeWithResponseStream,
  GetFunction: (lambda, input: Named, call) => describeWhole(find(lambda, input, call)),
  GetFunctionConfiguration: (lambda, input: Named, call) => describeConfiguration(find(lambda, input, call)),
  ListFunctions: (lambda, { FunctionVersion }: { FunctionVersion?: "ALL" }, { page }) =>
    page(FunctionVersion ? findAll(lambda).flatMap(withVersions) : findAll(lambda), {
      most: MOST,
      show: describeFunction,
      positionOf: ({ model, qualifier = "" }) => `${model.name}:${qualifier}`,
    }),
  ListVersionsByFunction: (lambda, { FunctionName }: Named, call) =>
    call.page(withVersions(find(lambda, { FunctionName }, call)), { most: MOST, show: describeFunction }),
  GetAlias: (lambda, input: Named & { Name: string }, call) => {
    const reference = readReference(input.FunctionName, input.Name, call.scope.region);
    const alias = named(lambda, ALIAS, reference.name).find(({ settings }) => settings.name === input.Name);
    if (alias) return showAlias(lambda, alias, call);
    throw missing(`Cannot find alias arn: ${arnOf(reference, call.scope.region)}`);
  },
  ListAliases: (lambda, input: Named & { FunctionVersion?: string }, call) => {
    const { name } = find(lambda, input, call).model;
    const { FunctionVersion: version } = input;
    const aliases = named(lambda, ALIAS, name).filter(
      ({ settings }) => (version ?? settings.functionVersion) === settings.functionVersion,
    );
    return call.page(aliases, {
      most: MOST,
      show: (alias) => showAlias(lambda, alias, call),
      positionOf: ({ settings }) => String(settings.name),
    });
  },
  GetFunctionConcurrency: (lambda, input: Named, call) => describeConcurrency(find(lambda, input, call).model),
  GetFunctionEventInvokeConfig: (lambda, input: Named, call) => {
    const { region } = call.scope;
    const { name, qualifier = "$LATEST" } = readReference(input.FunctionName, input.Qualifier, region);
    const arn = arnOf({ name, qualifier }, region);
    const found = named(lambda, EVENT_SETTINGS, name).find(
      ({ reference }) => (reference.qualifier ?? "$LATEST") === qualifier,
    );
    if (found) return describeEventSettings(found.settings, ownArn(lambda, { name, qualifier }, call));
    throw missing(`The function ${arn} doesn't have an EventInvokeConfig`);
  },
  GetFunctionUrlConfig: (lambda, input: Named, call) => {
    const { name, qualifier } = readReference(input.FunctionName, input.Qualifier, call.scope.region);
    const url = named(lambda, FUNCTION_URL, name).find(({ reference }) => reference.qualifier === qualifier);
    if (url) return showUrl(lambda, url, call);
    throw missing("The resource you requested does not exist.");
  },
  ListFunctionUrlConfigs: (lambda, input: Named, call) => {
    const { name } = readReference(input.FunctionName, undefined, call.scope.region);
    if (!lambda.modelOf(name)) throw missing("Function does not exist");
    return call.page(named(lambda, FUNCTION_URL, name), { show: (url) => showUrl(lambda, url, call) });
  },
  CreateEventSourceMapping: ({ mappings }, input, { scope }) => mappings.create(input, scope.region),
  GetEventSourceMapping: ({ mappings }, { UUID }: { UUID: string }) => mappings.get(UUID),
  ListEventSourceMappings: ({ mappings }, input, { page }) => page(mappings.list(input)),
  UpdateEventSourceMapping: ({ mappings }, { UUID, ...input }: { UUID: string }, { scope }) =>
    mappings.update(UUID, input, scope.region),
  DeleteEventSourceMapping: ({ mappings }, { UUID }: { UUID: string }) => mappings.delete(UUID),
  ListTags: (lambda, { Resource }: { Resource: string }, call) => {
    const [kind] = /(?<=:\d{12}:)[^:]+/.exec(Resource) ?? [];
    if (kind !== "function") throw notEmulated("lambda", `lambda ListTags for ${kind}`, ", only for function");
    const { name, qualifier } = readReference(Resource, undefined, call.scope.region);
    if (qualifier !== undefined) {
      throw invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
    }
    return { Tags: tagsOf(find(lambda, { FunctionName: name }, call).settings) };
  },
});

/** The function, version or alias that a request names. @throws AwsError */
function find(lambda: Lambda, { FunctionName, Qualifier }: Named, { scope }: OperationCall): Described {
  const { name, qualifier } = lambda.resolve(FunctionName, Qualifier, scope.region);
  const described = findAll(lambda).find(({ model }) => model.name === name);
  if (!described) throw notFound({ name, qualifier }, scope.region);
  return { ...described, qualifier };
}

function findAll(lambda: Lambda): Described[] {
  const functions = lambda.graph ? ownResources(lambda.graph, FUNCTION) : [];
  return functions.flatMap(({ name, settings }) => {
    const model = lambda.modelOf(asText(settings.name) ?? name);
    return model ? [{ model, settings }] : [];
  });
}

function withVersions(described: Described): Described[] {
  return versionsOf(described).map((qualifier) => ({ ...described, qualifier }));
}

/** The resources of a type that name a function. */
function named({ graph }: Lambda, type: string, name: string): Naming[] {
  return graph ? settingsOf(graph, type).filter(({ reference }) => reference.name === name) : [];
}

function showAlias(lambda: Lambda, { reference, settings }: Naming, call: OperationCall): object {
  return describeAlias(settings, ownArn(lambda, { ...reference, qualifier: String(settings.name) }, call));
}

function showUrl(lambda: Lambda, { reference, settings, name }: Naming, call: OperationCall): object {
  const served = lambda.servedUrls.find((one) => one.name === name);
  return describeUrl(settings, ownArn(lambda, reference, call), served?.url);
}

/** In the function's own region, which need not be that of the request. */
function ownArn(lambda: Lambda, reference: Reference, { scope }: OperationCall): string {
  return arnOf(reference, lambda.modelOf(reference.name)?.region ?? scope.region);
}
