import * as grpc from "@grpc/grpc-js";
import { messageOf } from "./errors";

/** The SDK raises gRPC's limit of 4 MB to this. */
export const channelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** Turns a function into a request handler. An error that it throws reaches the program as the call's error. */
export function unary<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await handle(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: messageOf(error) });
    }
  };
}
