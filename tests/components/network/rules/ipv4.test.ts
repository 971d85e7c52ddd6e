import { expect } from "chai";
import * as fc from "fast-check";
import { ipv4Range } from "../../../../components/network/rules/ipv4";

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const number = (text: string) => text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

describe("ipv4Range", () => {
  it("begins at the greatest multiple of its size that does not exceed the address", () => {
    fc.assert(
      fc.property(octets, fc.nat(32), (address, prefix) => {
        const text = address.join(".");
        const range = ipv4Range(`${text}/${prefix}`);
        const first = number(range?.first ?? "");
        const size = 2 ** (32 - prefix);
        expect(range?.prefix).to.equal(prefix);
        expect(first % size).to.equal(0);
        expect(number(text) - first).to.be.within(0, size - 1);
      }),
    );
  });

  it("recognizes what is not a range", () => {
    for (const text of [
      "",
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "256.0.0.0/8",
      "10.0.0/8",
      "010.0.0.0/8",
      "::/0",
    ]) {
      expect(ipv4Range(text), text).to.equal(undefined);
    }
  });
});
