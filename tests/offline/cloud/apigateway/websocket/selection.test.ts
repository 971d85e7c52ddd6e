import { expect } from "chai";
import { FrameSizes } from "../../../../../offline/cloud/apigateway/websocket/frames";
import { select } from "../../../../../offline/cloud/apigateway/websocket/selection";

describe("a selection expression", () => {
  const cases: [expression: string, body: string | undefined, selected: string | undefined][] = [
    ["$request.body.action", '{"action":"send"}', "send"],
    ["$request.body.meta.kind", '{"meta":{"kind":7}}', "7"],
    ["$request.body.list[1]", '{"list":["a","b"]}', "b"],
    ["$request.body.action", '{"action":{"a":1}}', undefined],
    ["$request.body.action", '{"action":null}', undefined],
    ["$request.body.toString", "{}", undefined],
    ["$request.body.action", "not JSON", undefined],
    ["$request.body.action", '"text"', undefined],
    ["$request.body.action", undefined, undefined],
    ["${request.body.kind}.${request.body.action}", '{"kind":"chat","action":"send"}', "chat.send"],
    ["${request.body.kind}.${request.body.action}", '{"kind":"chat"}', undefined],
    ["\\$default", "{}", "$default"],
    ["200", "{}", "200"],
  ];
  for (const [expression, body, selected] of cases) {
    it(`${expression} of ${body} is ${selected}`, () => expect(select(expression, body)).to.equal(selected));
  }
});

describe("the sizes of frames", () => {
  const frame = (size: number, masked = true) => {
    const bits = masked ? 0x80 : 0;
    const header =
      size < 126
        ? [0x81, bits | size]
        : size < 65_536
          ? [0x81, bits | 126, size >> 8, size & 255]
          : [0x81, bits | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (size >> shift) & 255)];
    return Buffer.concat([Buffer.from(header), Buffer.alloc((masked ? 4 : 0) + size)]);
  };

  it("are read wherever the bytes are split", () => {
    const bytes = Buffer.concat([frame(5), frame(300), frame(0, false), frame(70_000)]);
    for (const step of [1, 3, 100, bytes.length]) {
      const sizes = new FrameSizes();
      const largest: number[] = [];
      for (let at = 0; at < bytes.length; at += step) largest.push(sizes.largestIn(bytes.subarray(at, at + step)));
      expect(Math.max(...largest), String(step)).to.equal(70_000);
    }
  });
});
