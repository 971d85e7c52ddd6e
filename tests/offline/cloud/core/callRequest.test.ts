import { expect } from "chai";
import { callRequest } from "../../../../offline/cloud/core/callRequest";
import type { Member, Model, Shape } from "../../../../offline/cloud/core/model";

/** A model with one operation. */
function model(protocol: string, members: Record<string, Member>, shapes: Record<string, Shape>, http?: object): Model {
  return {
    metadata: {
      protocol,
      apiVersion: "2030-01-31",
      endpointPrefix: "lamps",
      jsonVersion: "1.1",
      targetPrefix: "Lamps",
    },
    operations: { SwitchOn: { input: { shape: "Input" }, ...http } },
    shapes: { Input: { type: "structure", members }, Text: { type: "string" }, Time: { type: "timestamp" }, ...shapes },
    pagination: {},
  };
}

const LISTS: Record<string, Shape> = {
  Texts: { type: "list", member: { shape: "Text" } },
  Tags: { type: "list", member: { shape: "Tag", locationName: "item" } },
  Tag: { type: "structure", members: { key: { shape: "Text" }, value: { shape: "Text", locationName: "val" } } },
  Map: { type: "map", key: { shape: "Text" }, value: { shape: "Text" } },
};

const LAMPS = {
  lampIds: { shape: "Texts", locationName: "lampId" },
  Tags: { shape: "Tags" },
  when: { shape: "Time" },
  colours: { shape: "Map" },
};

const INPUT = {
  LampIds: ["a", "b"],
  Tags: [{ Key: "k", Value: "v" }],
  When: "2030-01-31T03:00:00Z",
  Colours: { Red: "1" },
  Unheard: "of",
};

/** What a form has in it, but for the operation. */
function form(protocol: string): Record<string, string> {
  const { Action, Version, ...rest } = Object.fromEntries(
    new URLSearchParams(callRequest(model(protocol, LAMPS, LISTS), "SwitchOn", INPUT)?.body),
  );
  expect({ Action, Version }).to.deep.equal({ Action: "SwitchOn", Version: "2030-01-31" });
  return rest;
}

describe("the request that calls an operation", () => {
  it("has JSON with the model's names, and its target", () => {
    const request = callRequest(model("json", LAMPS, LISTS), "SwitchOn", INPUT);
    expect(request?.headers["x-amz-target"]).to.equal("Lamps.SwitchOn");
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({
      lampId: ["a", "b"],
      Tags: [{ key: "k", val: "v" }],
      when: 1_896_058_800,
      colours: { Red: "1" },
    });
  });

  it("has the form of the query protocol", () => {
    expect(form("query")).to.deep.equal({
      "lampId.member.1": "a",
      "lampId.member.2": "b",
      "Tags.item.1.key": "k",
      "Tags.item.1.val": "v",
      when: "2030-01-31T03:00:00.000Z",
      "colours.entry.1.key": "Red",
      "colours.entry.1.value": "1",
    });
  });

  it("has the flat form of EC2's protocol, whose names begin with capitals", () => {
    expect(form("ec2")).to.deep.equal({
      "LampId.1": "a",
      "LampId.2": "b",
      "Tags.1.Key": "k",
      "Tags.1.Val": "v",
      When: "2030-01-31T03:00:00.000Z",
      "Colours.1.key": "Red",
      "Colours.1.value": "1",
    });
  });

  it("has the path, query, headers and body of a REST protocol", () => {
    const members: Record<string, Member> = {
      id: { shape: "Text", location: "uri", locationName: "lampId" },
      dry: { shape: "Text", location: "querystring", locationName: "dryRun" },
      mode: { shape: "Text", location: "header", locationName: "X-Mode" },
      level: { shape: "Text" },
    };
    const http = { http: { method: "PUT", requestUri: "/lamps/{lampId}/on" } };
    const input = { Id: "a/b", Dry: "yes", Mode: "soft", Level: "3" };
    expect(callRequest(model("rest-json", members, {}, http), "SwitchOn", input)).to.deep.equal({
      method: "PUT",
      path: "/lamps/a%2Fb/on?dryRun=yes",
      headers: { "content-type": "application/json", "x-mode": "soft" },
      body: '{"level":"3"}',
    });
  });

  it("is not there for a protocol that schedules do not speak", () => {
    expect(callRequest(model("rest-xml", {}, {}), "SwitchOn", {})).to.equal(undefined);
  });
});
