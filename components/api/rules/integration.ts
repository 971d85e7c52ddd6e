/** What an operation of a deployed document says of what it calls. */
export interface Called {
  responses: object;
  "x-amazon-apigateway-integration": object;
}

/** What a response of a target becomes. */
interface MappedResponse {
  status: number;
  headers?: Record<string, string>;
  templates?: Record<string, string>;
}

/** The part of a target's description that is the same for web servers and AWS services. */
export interface Mapping {
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  responses?: Record<string, MappedResponse>;
}

/**
 * What API Gateway answers without calling anything. @see "Mock integrations for REST APIs in API Gateway"
 * @param headers as mappings have them
 */
export function mock(status: number, headers: Record<string, string>, templates?: Record<string, string>): Called {
  const declared = { [status]: { description: "Returned by API Gateway", headers: declare(headers) } };
  return {
    responses: declared,
    "x-amazon-apigateway-integration": {
      type: "mock",
      // If the request's type has no template the response is 415; passing the body through would make it 500.
      passthroughBehavior: "never",
      // A body that `binaryMediaTypes` turns into bytes has no template. @see
      // https://github.com/aws/chalice/issues/1310
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "application/json": `{"statusCode": ${status}}` },
      responses: { default: integrationResponse({ status, headers, templates }) },
    },
  };
}

/**
 * A call to a web server or an AWS service, with what becomes of the request and the response.
 * @param shared headers that every response has
 */
export function mappedCall(
  target: object,
  { responses = { default: { status: 200 } }, ...mapping }: Mapping,
  shared: Record<string, string>,
): Called {
  const all = Object.entries(responses).map(
    ([pattern, response]) => [pattern, { ...response, headers: { ...shared, ...response.headers } }] as const,
  );
  const declared: Record<string, { description: string; headers: Record<string, object> }> = {};
  for (const [, { status, headers }] of all) {
    const description = "Made of the target's response";
    declared[status] = { description, headers: { ...declared[status]?.headers, ...declare(headers) } };
  }
  return {
    responses: declared,
    "x-amazon-apigateway-integration": {
      ...target,
      ...requestMapping(mapping),
      responses: Object.fromEntries(all.map(([pattern, response]) => [pattern, integrationResponse(response)])),
    },
  };
}

export function requestMapping({ requestParameters, requestTemplates }: Mapping) {
  const parameters = Object.entries(requestParameters ?? {}).map(([name, value]) => [
    `integration.request.${name}`,
    value,
  ]);
  return {
    requestParameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined,
    requestTemplates,
    // A body that no template makes is not what the target expects.
    passthroughBehavior: requestTemplates ? "never" : "when_no_match",
  };
}

function integrationResponse({ status, headers = {}, templates }: MappedResponse) {
  const mapped = Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]);
  return { statusCode: `${status}`, responseParameters: Object.fromEntries(mapped), responseTemplates: templates };
}

function declare(headers: Record<string, string>): Record<string, object> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, { schema: { type: "string" } }]));
}

/** The names in braces in a URL. */
export function placeholders(url: string): string[] {
  return [...url.matchAll(/\{([\w.:-]+)\}/g)].map(([, name = ""]) => name);
}
