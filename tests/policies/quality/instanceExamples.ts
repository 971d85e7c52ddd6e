import { type Example, of } from "./example";

const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const tokens = (httpTokens: string) => ({ metadataOptions: { httpEndpoint: "enabled", httpTokens } });
const volumes = (encrypted: string) => ({
  blockDeviceMappings: [
    { deviceName: "/dev/xvda", ebs: { encrypted } },
    { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
  ],
});
const network = (associatePublicIpAddress: string) => ({ networkInterfaces: [{ associatePublicIpAddress }] });

/** An example of each rule on instances and what starts them. */
export const instances: Example[] = [
  of("ec2-imdsv2", templateType, tokens("optional"), tokens("required")),
  of("ec2-volume-encryption", templateType, volumes("false"), volumes("true")),
  of("ec2-public-ip", templateType, network("true"), network("false")),
];
