import * as components from "../../../components";

/** What the examples use without showing where it comes from. */
const assumed: Record<string, string> = {
  table: `const table = new ItemsTable("assumed-table");`,
  items: `const items = new LambdaFunction("assumed-items", { entry: "handlers/items.ts" });`,
  network: `const network = new Network("assumed-network");`,
  vpcId: `const vpcId = "vpc-0123456789abcdef0";`,
  subnetIds: `const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];`,
  drainFunctionArn: `const drainFunctionArn = "arn:aws:lambda:eu-west-1:123456789012:function:drain";`,
  environments: `const environments: ComputeEnvironmentArgs[] = [{ type: "FARGATE", maxVcpus: 16 }];`,
  jobs: `const jobs = { report: { image: "public.ecr.aws/docker/library/busybox:stable" } };`,
  batch: `const batch = new GravitonBatch("assumed-batch", { environments, vpcId, subnetIds, jobs });`,
  topic: `const topic = new AlarmTopic("assumed-topic", {});`,
  clicks: 'const clicks = new EventStream("clicks");',
  parcels: 'const parcels = new Queue("parcels");',
  news: 'const news = new Topic("news");',
};

/** Types that the assumed declarations use. */
const types = ["ComputeEnvironmentArgs", "FunctionAccess"];

/** An example as a whole program: with its imports, and with what it assumes. */
export function programOf(example: string): string {
  const others = [...example.matchAll(/^import .* from "(?!pulumi-graviton").*";$/gm)].map(([line]) => line);
  const own = example.replace(/^import .*\n/gm, "");
  const program = [...declarationsFor(own), own].join("\n");
  const imported = [
    ...Object.keys(components).filter((name) => uses(program, name)),
    ...types.filter((name) => program.includes(name)).map((name) => `type ${name}`),
  ];
  return [`import { ${imported.join(", ")} } from "pulumi-graviton";`, ...others, program].join("\n");
}

/** The declarations of what a text uses and does not declare, in an order in which they can be run. */
function declarationsFor(text: string): string[] {
  const missing = Object.keys(assumed).find((name) => uses(text, name) && !declares(text, name));
  const declaration = missing && assumed[missing];
  return declaration ? [...declarationsFor(`${declaration}\n${text}`), declaration] : [];
}

function uses(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w."'/-])${name}(?![\\w"'/:-])`).test(text);
}

function declares(text: string, name: string): boolean {
  return new RegExp(`\\bconst (${name}\\b|{[^}]*\\b${name}\\b)`).test(text);
}
