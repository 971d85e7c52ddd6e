const aws = require("@pulumi/aws");

module.exports = async () => {
  const bucket = new aws.s3.Bucket("bucket", {}, { import: "imported-bucket" });
  console.log("printed by the program");
  return { bucket: bucket.id, isDryRun: require("@pulumi/pulumi").runtime.isDryRun() };
};
