import { expect } from "chai";
import type { GatewayRequest } from "../../../../../offline/cloud/apigateway/request/request";
import { ContextOverrides } from "../../../../../offline/cloud/apigateway/templates/overrides";
import { compileTemplate, TemplateError } from "../../../../../offline/cloud/apigateway/templates/template";
import { DOCUMENTATION, recordedByLocalstack, testFacts } from "../../../../helpers/facts";

const API_GATEWAY = { service: "API Gateway" };

const REQUEST: GatewayRequest = {
  id: "11111111-2222-3333-4444-555555555555",
  time: 1_760_000_000_000,
  trace: { received: "Root=1-00000000-000000000000000000000000" } as GatewayRequest["trace"],
  method: "POST",
  path: "/items/7",
  stagePath: "/dev/items/7",
  url: "/dev/items/7?page=2",
  query: new URLSearchParams("page=2"),
  headers: { "x-tenant": "acme", "user-agent": "tests" },
  rawHeaders: ["X-Tenant", "acme", "User-Agent", "tests"],
  body: Buffer.alloc(0),
  sourceIp: "127.0.0.1",
  protocol: "HTTP/1.1",
  stage: { name: "dev", variables: { table: "items" } },
  api: { id: "abc123", account: "111111111111", region: "eu-west-1", resourceIds: {} },
  resourcePath: "/items/{id}",
  pathParameters: { id: "7" },
};

const evaluate = (template: string, body = "", overrides = new ContextOverrides()) =>
  compileTemplate(template)(REQUEST, { body, overrides });

interface Row {
  fact: string;
  template: string;
  body?: string;
  text: string;
}

function testTemplates(source: string, rows: [fact: string, template: string, body: string, text: string][]) {
  const facts = rows.map(([fact, template, body, text]): Row => ({ fact, template, body, text }));
  testFacts({ ...API_GATEWAY, source, facts }, ({ template, body, text }) => {
    expect(evaluate(template, body)).to.equal(text);
  });
}

const PATH = '#set($found = $input.path("$.json"))';
const STATE =
  '{"body": $it, "nested": $it.nested, "isNull": #if($it == $null)"true"#else"false"#end, "isEmpty": #if($it == "")"true"#else"false"#end}';
const json = (value: unknown) => JSON.stringify({ json: value });

describe("A mapping template", () => {
  testTemplates(recordedByLocalstack("2024-07 to 2025-06"), [
    ["An object from `$input.path` prints as a Java map", `${PATH}$found`, json({ foo: "bar" }), "{foo=bar}"],
    ["A list from `$input.path` prints as JSON", `${PATH}$found`, json([{ foo: "bar" }]), '[{"foo":"bar"}]'],
    ["An object in an object prints as a map", `${PATH}$found.nested`, json({ nested: { foo: "bar" } }), "{foo=bar}"],
    ["An object in a list is a map again", `${PATH}$found[0]`, json([{ foo: "bar" }]), "{foo=bar}"],
    ["A list in a list prints as JSON", `${PATH}$found[0]`, json([[{ foo: "bar" }]]), '[{"foo":"bar"}]'],
    [
      "A list in an object prints as JSON",
      `${PATH}$found`,
      json({ foo: [{ nested: "bar" }] }),
      '{foo=[{"nested":"bar"}]}',
    ],
    ["A map prints its members in their order", `${PATH}$found`, json({ c: "1", a: "2", b: "3" }), "{c=1, a=2, b=3}"],
    [
      "`toString()` prints the same",
      `${PATH}$found.toString()`,
      json({ list: [{ foo: "bar" }] }),
      '{list=[{"foo":"bar"}]}',
    ],
    [
      "A value that is not there is null, equals an empty text and prints nothing",
      `#set($it = $input.path("$.none"))${STATE}`,
      "",
      '{"body": , "nested": , "isNull": "true", "isEmpty": "true"}',
    ],
    [
      "An empty list is neither null nor empty text",
      `#set($it = $input.path("$.json"))${STATE}`,
      json([]),
      '{"body": [], "nested": , "isNull": "false", "isEmpty": "false"}',
    ],
    [
      "A null is as a value that is not there",
      `#set($it = $input.path("$.json"))${STATE}`,
      json(null),
      '{"body": , "nested": , "isNull": "true", "isEmpty": "true"}',
    ],
    ["`$input.body` of an empty body is an empty object", "Body=$input.body", "", "Body={}"],
    ["`$input.body` is the body as sent", "Body=$input.body", '{"some": "value"}', 'Body={"some": "value"}'],
    ...["", '{"some": "value"}', "some raw data"].map((body): [string, string, string, string] => [
      `\`$input.body\` keeps its place in a form, of ${body || "nothing"}`,
      "Action=SendMessage&MessageBody=$input.body",
      body,
      `Action=SendMessage&MessageBody=${body || "{}"}`,
    ]),
    ["`$util.urlEncode` encodes the empty object of an empty body", "$util.urlEncode($input.body)", "", "%7B%7D"],
    ["`$util.urlEncode` writes spaces as +", "$util.urlEncode($input.body)", "some raw data", "some+raw+data"],
    ["`$input.body` need not be JSON", "#set($it = $input.body)$it", "some raw data", "some raw data"],
    ["The body is text and has no properties", "[$input.body.any]", '{"any": 1}', "[]"],
    [
      "`$util.urlEncode` encodes as a form",
      "$util.urlEncode($input.body)",
      '{"some": "value"}',
      "%7B%22some%22%3A+%22value%22%7D",
    ],
    ["`$util.urlEncode` of nothing is nothing", "[$util.urlEncode($input.body.any)]", "", "[]"],
    ["A reference to nothing does not differ from an empty text", "#if($a.b.c != '')a#{else}b#end", "", "b"],
    [
      "A loop over indexes reads elements by a path with the index in it",
      '#set($count = $input.path("$.records").size())#set($last = $count - 1)#foreach($i in [0..$last])#set($one = $input.path("$.records[${i}]"))$util.base64Encode($one.data)#if($foreach.hasNext),#end#end',
      '{"records": [{"data": "a"}, {"data": "b"}]}',
      "YQ==,Yg==",
    ],
    ["A path needs no `$.`", "$input.path('id')", '{"id": "one"}', "one"],
    [
      "A name of a map may contain hyphens in `#set`",
      '#set($context.requestOverride.header.X-Amz-Target = "a")$context.requestOverride.header.X-Amz-Target',
      "",
      "a",
    ],
    [
      "Maps in `$context` print nothing",
      "#foreach($key in $context.requestOverride.keySet())$key=$context.requestOverride.get($key);#end$context.identity",
      "",
      "path=;header=;querystring=;",
    ],
    [
      "Overrides are maps: `[…]`, `put` and names set the same",
      '#set($name = "a")#set($context.requestOverride.querystring[$name] = "1")$context.requestOverride.querystring.put("b", "2")#set($context["requestOverride"].querystring["c"] = "3")$context.requestOverride.querystring.a$context.requestOverride.querystring["b"]$context.requestOverride.querystring.c',
      "",
      "123",
    ],
    [
      "JSON in a text survives `escapeJavaScript` and `replaceAll`",
      `"$util.escapeJavaScript($input.path('$').Detail).replaceAll("\\\\'","'")"`,
      '{"Detail": "{\\"it\\": \\"isn\'t\\"}"}',
      '"{\\"it\\": \\"isn\'t\\"}"',
    ],
  ]);

  testTemplates(DOCUMENTATION, [
    ["`$input.json` gives JSON", "$input.json('$.a')", '{"a": {"b": [1, 2.50, "x/y"]}}', '{"b":[1,2.5,"x/y"]}'],
    ["`$input.json` of a text has quotes", "$input.json('$.a')", '{"a": "it\u0027s"}', '"it\'s"'],
    ["`$input.json` of an empty body is an empty object", "$input.json('$')", "", "{}"],
    [
      "`$input.params(name)` looks in the path, the query and the headers",
      "$input.params('id') $input.params('page') $input.params('X-Tenant')",
      "",
      "7 2 acme",
    ],
    [
      "`$input.params()` has three maps",
      "$input.params().keySet() $input.params().querystring $input.params().path.id",
      "",
      "[path, querystring, header] {page=2} 7",
    ],
    [
      "Headers are found in any case",
      "$input.params().header.x-tenant $input.params().header.get('X-TENANT')",
      "",
      "acme acme",
    ],
    [
      "`$stageVariables` is a map",
      "$stageVariables.table $stageVariables['table'] $stageVariables",
      "",
      "items items {table=items}",
    ],
    [
      "`$context` names the request",
      "$context.httpMethod $context.stage $context.identity.sourceIp $context.identity.apiKey|",
      "",
      "POST dev 127.0.0.1 |",
    ],
    [
      "`escapeJavaScript` escapes single quotes too",
      "$util.escapeJavaScript($input.body)",
      'it\'s "é"',
      'it\\\'s \\"\\u00E9\\"',
    ],
    [
      "`parseJson` gives what `$input.path` gives",
      "#set($o = $util.parseJson($input.path('$.o')))$o.a[1]",
      '{"o": "{\\"a\\": [1, 2]}"}',
      "2",
    ],
    ["`urlDecode` undoes `urlEncode`", "$util.urlDecode($util.urlEncode('a b+c&d=é'))", "", "a b+c&d=é"],
    ["`base64Decode` undoes `base64Encode`", "$util.base64Decode($util.base64Encode('é'))", "", "é"],
    ["A function that does not exist gives nothing", "[$util.nope('a')$input.nope()]", "", "[]"],
    ["A loop ends after 1000 elements", "#foreach($i in [1..2000])#set($n = $i)#end$n", "", "1000"],
  ]);

  it("fails with the place of its mistakes, all at once", () => {
    expect(() => compileTemplate("#set($a 1)\n#end")).to.throw(
      TemplateError,
      /^its template has mistakes: line 1, .*; line 2, /,
    );
  });

  for (const template of [
    "#macro(m)#m()#end#m()",
    "$input.body.substring(9)",
    "$input.path('$..[')",
    "$util.urlDecode('%')",
  ]) {
    it(`fails while it runs: ${template}`, () => {
      expect(() => evaluate(template)).to.throw(TemplateError, /^a template fails: /);
    });
  }

  it("hands on what it overrides", () => {
    const overrides = new ContextOverrides();
    const set = [
      '#set($context.requestOverride.header.X-A = "1")',
      '#set($context.requestOverride.header.list = ["2", "3"])',
      '#set($context.requestOverride.path.id = "8")',
      "#set($context.requestOverride.querystring.page = 3)",
      "#set($context.responseOverride.status = 444)",
      '#set($context.responseOverride.header.foo = "bar")',
    ];
    expect(evaluate(set.join(""), "", overrides)).to.equal("");
    const { requestHeaders, path, querystring, status, responseHeaders } = overrides;
    expect({ requestHeaders, path, querystring, status, responseHeaders }).to.deep.equal({
      requestHeaders: [
        ["X-A", "1"],
        ["list", "2"],
        ["list", "3"],
      ],
      path: [["id", "8"]],
      querystring: [["page", "3"]],
      status: 444,
      responseHeaders: [["foo", "bar"]],
    });
    expect(evaluate("$context.requestOverride.path.id $context.responseOverride.status", "", overrides)).to.equal(
      "8 444",
    );
  });
});
