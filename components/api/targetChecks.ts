import * as pulumi from "@pulumi/pulumi";
import { describeTemplateMistake, templateMistakes } from "../../expressions/velocity";
import { isLater } from "../schema/check";
import { below, Mistakes } from "../validation";
import type { HttpTargetArgs, MappedResponseArgs, RouteArgs, ServiceTargetArgs } from "./args";
import { ParameterLocation, ResponseTransferMode } from "./args";
import { oneOf } from "./oneOf";
import type { ResolvedRoute } from "./routes";
import { parametersOf } from "./rules/document";
import { placeholders } from "./rules/integration";
import { isPattern } from "./rules/pattern";

/** Maximum size of a mapping template, in bytes. @see "Amazon API Gateway important notes" */
export const templateLimit = 300 * 1024;

const kinds = ["function", "mock", "http", "service"] as const;

/** Adds the mistakes in what a route calls. */
export function checkTarget(mistakes: Mistakes, route: ResolvedRoute, args: RouteArgs, isHttp: boolean): void {
  const path = below("routes", route.name);
  oneOf(mistakes, args, kinds, path);
  if (!isHttp) checkDeclared(mistakes, route, route.tenantId, `${path}.tenantId`);
  const { mock, http, service } = args;
  if (mock) checkTemplate(mistakes, mock.template, `${path}.mock.template`);
  if (http) checkHttp(mistakes, http, route, `${path}.http`, isHttp);
  if (service) {
    oneOf(mistakes, service, ["action", "path"], `${path}.service`);
    checkMapping(mistakes, service, route, `${path}.service`);
  }
  if (isHttp) {
    const instead = "is not for HTTP APIs: write a `function`, `http` or a ServerlessApi";
    for (const kind of ["mock", "service"] as const) mistakes.check(!args[kind], `${path}.${kind}`, instead);
  }
  const streams = args.function !== undefined || (http !== undefined && http.proxy !== false);
  mistakes.check(
    args.responseTransferMode !== ResponseTransferMode.Stream || streams,
    `${path}.responseTransferMode`,
    "is STREAM, but only a function, or a web server with `proxy`, can stream; write BUFFERED",
  );
  mistakes.check(
    args.tenantId === undefined || args.function !== undefined,
    `${path}.tenantId`,
    "is only for a `function`; leave it out",
  );
}

/** What a route calls, once all of it is known. */
export function known<Kind extends "mock" | "http" | "service">(
  route: ResolvedRoute,
  kind: Kind,
): pulumi.Output<pulumi.Unwrap<NonNullable<RouteArgs[Kind]>>> {
  return pulumi.output(route[kind]).apply((target) => {
    refuseMistakes(route, { [kind]: target });
    return target as pulumi.Unwrap<NonNullable<RouteArgs[Kind]>>;
  });
}

/** @throws pulumi.RunError with the mistakes of a target that only show when its outputs are known */
export function refuseMistakes(route: ResolvedRoute, target: Pick<RouteArgs, "mock" | "http" | "service">): void {
  const mistakes = new Mistakes();
  checkTarget(mistakes, route, { operationId: route.operation.operationId, ...target }, false);
  const found = mistakes.found.map(({ path, reason }) => `${path} ${reason}`);
  if (found.length > 0) throw new pulumi.RunError(found.join("\n"));
}

/** API Gateway maps only parameters that the route declares. */
function checkDeclared(mistakes: Mistakes, route: ResolvedRoute, value: string | undefined, path: string): void {
  const [, place, name] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(value ?? "") ?? [];
  if (place === undefined) return;
  const location = place === "querystring" ? ParameterLocation.Query : place;
  const declared = parametersOf(route).some((parameter) => parameter.in === location && parameter.name === name);
  const instead = `write it in the route's \`parameters\`, with \`in: "${location}"\``;
  mistakes.check(declared, path, `is "${value}", a parameter that the route lacks; ${instead}`);
}

function checkHttp(
  mistakes: Mistakes,
  args: HttpTargetArgs,
  route: ResolvedRoute,
  path: string,
  isHttp: boolean,
): void {
  const { url, vpcLinkId, integrationTarget, proxy = true } = args;
  if (!isLater(url)) {
    const isUrl =
      /^https?:\/\/[^/]/.test(url as string) || (isHttp && vpcLinkId !== undefined && /^arn:/.test(url as string));
    mistakes.check(isUrl, `${path}.url`, `is "${url}"; write a URL that begins with https:// or http://`);
    const missing = placeholders(url as string).filter((name) => !route.parameters.includes(name));
    for (const name of missing)
      mistakes.add(`${path}.url`, `has {${name}}, which is not in the route's path; write it there too`);
  }
  mistakes.check(
    integrationTarget === undefined || vpcLinkId !== undefined,
    `${path}.integrationTarget`,
    "does nothing without `vpcLinkId`; write the link too",
  );
  for (const member of ["requestTemplates", "responses"] as const) {
    mistakes
      .from(`${path}.proxy`)
      .check(
        !proxy || args[member] === undefined,
        `${path}.${member}`,
        "does nothing with `proxy`; write `proxy: false`, or leave it out",
      );
  }
  if (isHttp) {
    const own = { integrationTarget, requestParameters: args.requestParameters, proxy: proxy ? undefined : proxy };
    for (const [member, value] of Object.entries(own)) {
      mistakes.check(
        value === undefined,
        `${path}.${member}`,
        "is not for HTTP APIs: leave it out, or write a ServerlessApi",
      );
    }
  }
  checkMapping(mistakes, args, route, path);
}

function checkMapping(
  mistakes: Mistakes,
  args: HttpTargetArgs | ServiceTargetArgs,
  route: ResolvedRoute,
  path: string,
): void {
  for (const [name, value] of Object.entries(args.requestParameters ?? {})) {
    const place = below(`${path}.requestParameters`, name);
    const isPart = /^(?:header|querystring|path)\.[\w:.$-]+$/.test(name);
    mistakes.check(isPart, place, "is no part of a request; write header., querystring. or path. and a name");
    checkDeclared(mistakes, route, value, place);
  }
  checkTemplates(mistakes, args.requestTemplates, `${path}.requestTemplates`);
  if (args.responses) checkResponses(mistakes, args.responses, `${path}.responses`);
}

function checkResponses(mistakes: Mistakes, responses: Record<string, MappedResponseArgs>, path: string): void {
  mistakes.check("default" in responses, path, "has no `default`, without which any other result is a 500; write one");
  for (const [pattern, { templates }] of Object.entries(responses)) {
    mistakes.check(
      isPattern(pattern),
      below(path, pattern),
      'is no regular expression; write one such as 4\\d{2}, or "default"',
    );
    checkTemplates(mistakes, templates, `${below(path, pattern)}.templates`);
  }
}

function checkTemplates(mistakes: Mistakes, templates: Record<string, unknown> = {}, path: string): void {
  for (const [mediaType, template] of Object.entries(templates))
    checkTemplate(mistakes, template, below(path, mediaType));
}

/** Adds the mistakes in a Velocity template, as far as it is known by now. */
function checkTemplate(mistakes: Mistakes, template: unknown, path: string): void {
  if (typeof template !== "string") return;
  const size = Buffer.byteLength(template);
  mistakes.check(size <= templateLimit, path, `has ${size} bytes; write at most ${templateLimit}`);
  for (const mistake of templateMistakes(template)) mistakes.add(path, describeTemplateMistake(mistake));
}
