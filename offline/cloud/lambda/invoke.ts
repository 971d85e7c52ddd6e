import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { encodeEvent } from "../core/eventStream";
import type { Target } from "../core/invoker";
import { sizeMistake } from "./asynchronous";
import type { Caller, Result } from "./functions";
import type { Lambda } from "./lambda";

export type InvokeInput = {
  /** A name, an ARN or a part of one. */
  FunctionName: string;
  Qualifier?: string;
  InvocationType?: "RequestResponse" | "Event" | "DryRun";
  /** Whether the caller wants the end of the log. */
  LogType?: "None" | "Tail";
  /** JSON in Base64. */
  ClientContext?: string;
  TenantId?: string;
  Payload?: Buffer;
};

/** An invocation that nothing speaks against. */
interface Invocation {
  target: Target;
  /** The event, as JSON. */
  payload: string;
  requestId: string;
  caller: Caller;
  tail: boolean;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export async function invoke(lambda: Lambda, input: InvokeInput, call: OperationCall): Promise<object> {
  const invocation = readInvocation(lambda, input, call);
  if (input.InvocationType === "DryRun") return { StatusCode: 204 };
  if (input.InvocationType === "Event") {
    lambda.submit(invocation);
    return { StatusCode: 202 };
  }
  const { result, log } = await run(lambda, invocation);
  const { payload, error, version } = result;
  return {
    ExecutedVersion: version,
    FunctionError: error && "Unhandled",
    LogResult: log,
    Payload: error ? JSON.stringify(error) : payload,
  };
}

/**
 * Sends the response as an event stream while the handler writes it. What a handler returns is one piece.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export async function invokeWithResponseStream(
  lambda: Lambda,
  input: InvokeInput,
  call: OperationCall,
): Promise<object | undefined> {
  const invocation = readInvocation(lambda, input, call);
  if (input.InvocationType === "DryRun") return { StatusCode: 204 };
  const { response, requestId } = call;
  const version = lambda.versionOf(invocation.target);
  const send = (type: string, contentType: string, content: Uint8Array) => {
    // Not before there is something to send: until then, Lambda may refuse the call.
    if (!response.headersSent) {
      response.writeHead(200, {
        "Content-Type": "application/vnd.amazon.eventstream",
        "X-Amz-Executed-Version": version,
        "x-amzn-RequestId": requestId,
      });
    }
    response.write(encodeEvent(type, contentType, content));
  };
  const onChunk = (chunk: Uint8Array) => send("PayloadChunk", "application/octet-stream", chunk);
  const { result, log } = await run(lambda, invocation, { version, onChunk });
  const { payload, error } = result;
  if (payload !== undefined) onChunk(Buffer.from(payload));
  const end = {
    ...(error && { ErrorCode: error.errorType, ErrorDetails: JSON.stringify(error) }),
    ...(log !== undefined && { LogResult: log }),
  };
  send("InvokeComplete", "application/json", Buffer.from(JSON.stringify(end)));
  response.end();
  return undefined;
}

/** @throws AwsError in Lambda's words */
function readInvocation(lambda: Lambda, input: InvokeInput, call: OperationCall): Invocation {
  const { Payload = EMPTY, InvocationType, ClientContext, LogType, TenantId: tenantId } = input;
  const tooLarge = InvocationType === "Event" ? sizeMistake(Payload) : undefined;
  if (tooLarge) throw tooLarge;
  const payload = readPayload(Payload);
  const clientContext = readClientContext(ClientContext);
  const target = lambda.locate(input, call.scope.region);
  const mistake = lambda.tenantMistake(target, tenantId);
  if (mistake) throw mistake;
  const { requestId } = call;
  return { target, payload, requestId, caller: { clientContext, tenantId }, tail: LogType === "Tail" };
}

const EMPTY = Buffer.alloc(0);

/** @throws AwsError if Lambda refuses the call */
async function run(
  lambda: Lambda,
  { target, payload, requestId, caller, tail }: Invocation,
  more: Caller = {},
): Promise<{ result: Result; log?: string }> {
  const result = await lambda.invoke(target, payload, { ...caller, ...more, requestId });
  if (result.refusal) throw result.refusal;
  return { result, log: tail ? result.log?.tail(result) : undefined };
}

/** Without one, the event is an empty object. */
function readPayload(body: Buffer): string {
  if (body.length === 0) return "{}";
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    JSON.parse(text);
    return text;
  } catch (error) {
    const { message } = error as Error;
    throw malformed(`Could not parse request body into json: Could not parse payload into json: ${message}`);
  }
}

function readClientContext(header: string | undefined): unknown {
  if (!header) return undefined;
  try {
    return JSON.parse(Buffer.from(header, "base64").toString());
  } catch {
    throw malformed("Client context must be a valid Base64-encoded JSON object.");
  }
}

function malformed(message: string): AwsError {
  return new AwsError("InvalidRequestContentException", message, 400, { Type: "User" });
}
