import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { messageOf } from "../errors";
import { channelOptions } from "../rpc";

/** How long a pack may take for one answer, in seconds. */
const answerLimit = 60;

const unsendable =
  "@pulumi/policy could not send the answer: a policy reported a value of the wrong type, such as an unknown level.";

type Reply<Response> = (error: grpc.ServiceError | null, response: Response) => void;

/** A client of a policy pack's service. @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto */
export class Analyzer {
  private readonly client: AnalyzerClient;
  private abandonCall: () => void = () => undefined;

  constructor(
    port: number,
    private readonly limitSeconds = answerLimit,
  ) {
    const options = { ...channelOptions, "grpc.enable_http_proxy": 0 };
    this.client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  }

  async configureStack(request: proto.AnalyzerStackConfigureRequest): Promise<void> {
    try {
      await this.call((...rest) => this.client.configureStack(request, ...rest));
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
    }
  }

  info(): Promise<proto.AnalyzerInfo> {
    return this.call((...rest) => this.client.getAnalyzerInfo(new Empty(), ...rest));
  }

  async configure(request: proto.ConfigureAnalyzerRequest): Promise<void> {
    await this.call((...rest) => this.client.configure(request, ...rest));
  }

  remediate(request: proto.AnalyzeRequest): Promise<proto.RemediateResponse> {
    return this.call((...rest) => this.client.remediate(request, ...rest));
  }

  analyze(request: proto.AnalyzeRequest): Promise<proto.AnalyzeResponse> {
    return this.call((...rest) => this.client.analyze(request, ...rest));
  }

  analyzeStack(request: proto.AnalyzeStackRequest): Promise<proto.AnalyzeResponse> {
    return this.call((...rest) => this.client.analyzeStack(request, ...rest));
  }

  /** Stops waiting for an answer that will not come. */
  abandon(): void {
    this.abandonCall();
  }

  close(): void {
    this.client.close();
  }

  private call<Response>(
    start: (metadata: grpc.Metadata, options: grpc.CallOptions, reply: Reply<Response>) => grpc.ClientUnaryCall,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + this.limitSeconds * 1000;
      const call = start(new grpc.Metadata(), { deadline }, (error, response) => {
        const late = `it did not answer within ${this.limitSeconds} seconds`;
        if (error?.code === grpc.status.DEADLINE_EXCEEDED) reject(Object.assign(new Error(late), { code: error.code }));
        else if (error?.details.startsWith("Error serializing response")) reject(new Error(unsendable));
        else if (error) reject(error);
        else resolve(response);
      });
      this.abandonCall = () => {
        reject(new Error(unsendable));
        call.cancel();
      };
    });
  }
}

/** True when the pack's SDK is older than this call. */
export function isUnimplemented(error: unknown): boolean {
  return codeOf(error) === grpc.status.UNIMPLEMENTED;
}

/** True when the pack's process no longer answers, or did not in time. */
export function isGone(error: unknown): boolean {
  const { CANCELLED, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE } = grpc.status;
  return [CANCELLED, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE].some((code) => code === codeOf(error));
}

function codeOf(error: unknown): unknown {
  return (error as Partial<grpc.ServiceError>).code;
}

/** The pack's message, without the status that the client puts before it. */
export function detailsOf(error: unknown): string {
  return (error as Partial<grpc.ServiceError>).details || messageOf(error);
}
