import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import { callJson, callService } from "./callService";
import { readData } from "./data";
import { findNamed } from "./named";
import { text } from "./options";
import { addSessionOptions, findSession, type Session, type SessionFlags } from "./sessions";

interface PutFlags extends SessionFlags {
  data: string;
  lines?: boolean;
  key?: string;
  group?: string;
  source?: string;
  detailType?: string;
}

type Only = "key" | "group" | "source" | "detailType";

/** What is put, and where. */
interface Put {
  session: Session;
  /** As the user gives it. */
  name: string;
  flags: PutFlags;
  data: Buffer;
  signal: AbortSignal;
}

/** The options that only some kinds of places take. */
const ONLY: Record<Only, { flag: string; kinds: string[] }> = {
  key: { flag: "--key", kinds: ["stream", "bucket"] },
  group: { flag: "--group", kinds: ["queue"] },
  source: { flag: "--source", kinds: ["bus"] },
  detailType: { flag: "--detail-type", kinds: ["bus"] },
};

/** How something is put into each kind of place. Returns what the service says of it. */
const KINDS: Record<string, (put: Put) => Promise<string>> = {
  stream: async ({ session, name, flags, data, signal }) => {
    const StreamName = findNamed("stream", name, session).name;
    const PartitionKey = flags.key ?? randomUUID();
    const input = { StreamName, PartitionKey, Data: data.toString("base64") };
    const put = callJson<{ ShardId: string; SequenceNumber: string }>;
    const { ShardId, SequenceNumber } = await put(session, "kinesis", "Kinesis_20131202.PutRecord", input, signal);
    return `${ShardId} ${SequenceNumber}`;
  },
  queue: async ({ session, name, flags, data, signal }) => {
    const QueueName = findNamed("queue", name, session).name;
    const call = <Output>(operation: string, input: object) =>
      callJson<Output>(session, "sqs", `AmazonSQS.${operation}`, input, signal);
    const { QueueUrl } = await call<{ QueueUrl: string }>("GetQueueUrl", { QueueName });
    const fifo = QueueName.endsWith(".fifo")
      ? { MessageGroupId: flags.group ?? "default", MessageDeduplicationId: randomUUID() }
      : { MessageGroupId: flags.group };
    const input = { QueueUrl, MessageBody: data.toString(), ...fifo };
    return (await call<{ MessageId: string }>("SendMessage", input)).MessageId;
  },
  topic: async ({ session, name, data, signal }) => {
    const TopicArn = findNamed("topic", name, session).name;
    const input = { Action: "Publish", Version: "2010-03-31", TopicArn, Message: data.toString() };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = { service: "sns", headers, body: new URLSearchParams(input).toString() };
    const { status, body } = await callService(session, request, signal);
    const [, id] = /<MessageId>(.*?)</.exec(body) ?? [];
    if (status !== 200 || !id) throw refusalIn(body);
    return id;
  },
  bus: async ({ session, name, flags, data, signal }) => {
    const EventBusName = name === "default" ? name : findNamed("bus", name, session).name;
    const { source: Source = "pulumi-offline", detailType: DetailType = "put" } = flags;
    const entry = { EventBusName, Source, DetailType, Detail: data.toString() };
    const put = callJson<{ Entries: { EventId?: string; ErrorCode?: string; ErrorMessage?: string }[] }>;
    const { Entries } = await put(session, "events", "AWSEvents.PutEvents", { Entries: [entry] }, signal);
    const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
    if (ErrorCode === "MalformedDetail")
      throw new ProgramError("--data must be a JSON object: it is the detail of an event.");
    if (EventId === undefined) throw new ProgramError(`${ErrorCode}: ${ErrorMessage}`);
    return EventId;
  },
  bucket: async ({ session, name, flags, data, signal }) => {
    if (flags.key === undefined) throw new ProgramError("An object needs a key: write --key KEY.");
    const path = [findNamed("bucket", name, session).name, ...flags.key.split("/")].map(encodeURIComponent).join("/");
    const request = { service: "s3", method: "PUT", url: `/${path}`, body: data };
    const answer = await callService(session, request, signal);
    if (answer.status !== 200) throw refusalIn(answer.body);
    return `s3://${decodeURIComponent(path)}`;
  },
};

/** The message of a service that answers in XML. */
function refusalIn(body: string): ProgramError {
  return new ProgramError(/<Message>(.*?)</s.exec(body)?.[1] ?? body);
}

/** Adds the command `put`. */
export function addPut(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("put <kind> <name>")
      .description(`put something into a ${Object.keys(KINDS).join(", ")} of a program that start serves`)
      .requiredOption("--data <data>", "what to put: a file, - for standard input, or the text itself", text)
      .option("--lines", "put each line by itself")
      .option("--key <key>", "the record's partition key (default: a random one), or the object's key", text)
      .option("--group <id>", 'the message group (in a FIFO queue, default: "default")', text)
      .option("--source <name>", 'the event\'s source (default: "pulumi-offline")', text)
      .option("--detail-type <name>", 'the event\'s detail type (default: "put")', text),
  ).action(async (kind: string, name: string, flags: PutFlags) => {
    const put = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (!put) throw new ProgramError(`${kind} is not one of ${Object.keys(KINDS).join(", ")}.`);
    refuseOthers(kind, flags);
    const session = findSession(flags);
    const all = await readData(flags.data);
    const pieces = flags.lines ? linesOf(all) : [all];
    if (pieces.length === 0) throw new ProgramError("--data has no line that is not empty, so nothing was put.");
    for (const data of pieces) process.stdout.write(`${await put({ session, name, flags, data, signal })}\n`);
  });
}

function linesOf(data: Buffer): Buffer[] {
  const lines = data.toString().split("\n").filter(Boolean);
  return lines.map((line) => Buffer.from(line));
}

/** An option that would have no effect is a mistake about what happens. */
function refuseOthers(kind: string, flags: PutFlags): void {
  const mistakes = (Object.keys(ONLY) as Only[])
    .filter((only) => flags[only] !== undefined && !ONLY[only].kinds.includes(kind))
    .map((only) => `${ONLY[only].flag} is only for a ${ONLY[only].kinds.join(" or a ")}, not for a ${kind}.`);
  if (mistakes.length) throw new ProgramError(mistakes.join("\n"));
}
