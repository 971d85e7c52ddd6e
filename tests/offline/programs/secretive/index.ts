// Gives away the encrypted values of its configuration in all the ways there are.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const { user, password } = config.requireObject<{ user: string; password: string }>("account");
const [key, quoted, pin] = [config.require("key"), config.require("quoted"), config.requireNumber("pin")];

console.log(`printed ${password}`);
console.error(key);
pulumi.log.warn(`logged ${JSON.stringify({ quoted })}`);
if (config.getBoolean("fail")) throw new Error(`cannot log in as ${user} with ${password}`);

const topic = new aws.sns.Topic(`topic-${password}`, { displayName: quoted, tags: { [password]: key } });
if (config.getBoolean("wait")) setInterval(() => undefined, 1000);

export const url = `https://${user}:${encodeURIComponent(quoted)}@example.com`;
export const leaked = { password, pin, pinText: `pin ${pin}`, key, name: topic.name };
export const kept = config.requireSecret("quoted");
