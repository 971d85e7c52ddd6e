import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// What security rules reject, each with a similar case that they accept.

const image = { ami: "ami-0123456789abcdef0", instanceType: "t4g.micro" };
new aws.ec2.Instance("open", {
  ...image,
  associatePublicIpAddress: true,
  ebsBlockDevices: [{ deviceName: "/dev/sdb", encrypted: false, deleteOnTermination: true }],
});
new aws.ec2.Instance("guarded", {
  ...image,
  monitoring: true,
  rootBlockDevice: { encrypted: true },
  ebsBlockDevices: [{ deviceName: "/dev/sdb", encrypted: true, deleteOnTermination: true }],
});

const database = {
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  username: "root",
  password: pulumi.secret("hunter2"),
  skipFinalSnapshot: true,
};
new aws.rds.Instance("open", { ...database, publiclyAccessible: true, backupRetentionPeriod: 0 });
new aws.rds.Instance("guarded", { ...database, multiAz: true, storageEncrypted: true });

const key = new aws.kms.Key("guarded", { enableKeyRotation: true });
new aws.kms.Key("open");

new aws.efs.FileSystem("open");
new aws.efs.FileSystem("guarded", { encrypted: true, kmsKeyId: key.arn });

new aws.s3.Bucket("open");
