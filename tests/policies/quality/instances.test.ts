import { expect } from "chai";
import { unknown } from "../../helpers/policies/policies";
import { onlySaid, said } from "./said";

const launchTemplate = { id: "lt-1" };
const instance = (props: object) => ({ type: "aws:ec2/instance:Instance", props });
const spot = (props: object) => ({ type: "aws:ec2/spotInstanceRequest:SpotInstanceRequest", props });
const template = (props: object) => ({ type: "aws:ec2/launchTemplate:LaunchTemplate", props });
const configuration = (props: object) => ({ type: "aws:ec2/launchConfiguration:LaunchConfiguration", props });

describe("ec2-imdsv2", () => {
  const rule = "ec2-imdsv2";

  it("requires tokens, or no metadata service", async () => {
    for (const of of [instance, spot, template, configuration]) {
      expect(await said(rule, of({ metadataOptions: { httpTokens: "required" } }))).to.deep.equal([]);
      expect(await said(rule, of({ metadataOptions: { httpEndpoint: "disabled" } }))).to.deep.equal([]);
      expect(await onlySaid(rule, of({}))).to.match(/^metadataOptions\.httpTokens is missing: write "required", /);
      expect(await onlySaid(rule, of({ metadataOptions: { httpTokens: "optional" } }))).to.match(/ is optional: /);
    }
  });

  it("leaves the decision to an instance's launch template, but not against it", async () => {
    expect(await said(rule, instance({ launchTemplate }))).to.deep.equal([]);
    const metadataOptions = { httpTokens: "optional" };
    expect(await said(rule, instance({ launchTemplate, metadataOptions }))).to.have.lengthOf(1);
  });
});

describe("ec2-volume-encryption", () => {
  const rule = "ec2-volume-encryption";
  const encrypted = { encrypted: true };

  it("requires it of the root volume and the others", async () => {
    for (const of of [instance, spot, configuration]) {
      const ebsBlockDevices = [encrypted, unknown];
      expect(await said(rule, of({ rootBlockDevice: encrypted, ebsBlockDevices }))).to.deep.equal([]);
      expect(await onlySaid(rule, of({}))).to.match(/^rootBlockDevice\.encrypted is missing: write true, /);
      const others = { rootBlockDevice: encrypted, ebsBlockDevices: [encrypted, {}] };
      expect(await onlySaid(rule, of(others))).to.match(/^ebsBlockDevices\[1\]\.encrypted is missing: /);
    }
  });

  it("leaves the root volume to an instance's launch template, but not against it", async () => {
    expect(await said(rule, instance({ launchTemplate }))).to.deep.equal([]);
    const rootBlockDevice = { encrypted: false };
    expect(await said(rule, instance({ launchTemplate, rootBlockDevice }))).to.have.lengthOf(1);
  });

  it("reads the flags in a launch template's mappings, which are strings", async () => {
    const mappings = (...blockDeviceMappings: object[]) => template({ blockDeviceMappings });
    const instanceStore = { deviceName: "/dev/sdb", virtualName: "ephemeral0" };
    expect(await said(rule, mappings({ ebs: { encrypted: "true" } }, instanceStore))).to.deep.equal([]);
    expect(await onlySaid(rule, template({}))).to.match(/^blockDeviceMappings\.ebs\.encrypted is missing: /);
    expect(await onlySaid(rule, mappings({ ebs: { encrypted: "true" } }, { ebs: {} }))).to.match(
      /^blockDeviceMappings\[1\]\.ebs\.encrypted is missing: /,
    );
    expect(await onlySaid(rule, mappings({ ebs: { encrypted: "false" } }))).to.match(/ is false: /);
    expect(await onlySaid(rule, mappings({ ebs: { encrypted: "yes" } }))).to.match(/ must be a boolean, /);
    expect(await onlySaid(rule, template({ blockDeviceMappings: {} }))).to.equal(
      "blockDeviceMappings must be a list, but is a map.",
    );
  });

  it("is required of separate volumes", async () => {
    const volume = (props: object) => ({ type: "aws:ebs/volume:Volume", props });
    expect(await said(rule, volume(encrypted))).to.deep.equal([]);
    expect(await onlySaid(rule, volume({}))).to.match(/^encrypted is missing: /);
  });
});

describe("ec2-public-ip", () => {
  const rule = "ec2-public-ip";

  it("reports instances that ask for an address, and none where the subnet decides", async () => {
    for (const of of [instance, spot, configuration]) {
      for (const associatePublicIpAddress of [false, undefined, unknown]) {
        expect(await said(rule, of({ associatePublicIpAddress }))).to.deep.equal([]);
      }
      expect(await onlySaid(rule, of({ associatePublicIpAddress: true }))).to.equal(
        "associatePublicIpAddress is true: write false, and use private subnets.",
      );
    }
    const interfaces = (...flags: string[]) =>
      template({ networkInterfaces: flags.map((associatePublicIpAddress) => ({ associatePublicIpAddress })) });
    expect(await said(rule, interfaces("false"))).to.deep.equal([]);
    expect(await onlySaid(rule, interfaces("false", "true"))).to.match(/^networkInterfaces\[1\]\./);
  });
});
