import { GravitonBatch, JobImage, JobSubmission } from "pulumi-graviton";

/** Jobs that run when the stack is deployed: see invocations.test.ts. */
const batch = new GravitonBatch("main", {
  environments: [{ type: "FARGATE", maxVcpus: 4 }],
  subnetIds: ["subnet-1"],
  securityGroupIds: ["sg-1"],
  jobs: { step: { image: new JobImage("step", { context: `${__dirname}/image` }).imageUri } },
});
const migrate = new JobSubmission("migrate", { batch, environment: { STEP: "migrate" } });
new JobSubmission("seed", { batch, environment: { STEP: "seed" } }, { dependsOn: migrate });

export const { jobId } = migrate;
