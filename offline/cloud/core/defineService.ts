import type { Definition, Run, ServiceOptions } from "./declaration";
import type * as dispatch from "./dispatch";
import type { Call } from "./service";

/**
 * Declares an emulated service: its operations, one function each, over a state. AWS's own model of the service does
 * the rest: it finds the operation, reads and checks the input, writes the answer or the error.
 *
 *     export const logs = defineService<Logs>("logs", {
 *       GetLogEvents: (logs, { logStreamName: name }: { logStreamName: string }) => ({ events: logs.findByName(name)?.events }),
 *     });
 *     const service = logs.serve(new Logs());
 *
 * To add a service: declare it, add it to `offline/cloud/definitions.ts`, and run `npm run models`, which writes
 * `core/models/NAME.json` from botocore with exactly the operations that are declared. The model is read with the first
 * request.
 *
 * **Input** is what the model says, by the names of its members, wherever the protocol had them (body, path, query or
 * headers): types, required members, ranges, lengths, patterns and enums have been checked, and the caller has got
 * AWS's error with all mistakes. So an operation states the types of the members that it reads (as a type, since
 * TypeScript does not take an interface for it). Times are milliseconds since 1970, blobs are Buffers, absent members and
 * nulls are undefined, and members that the model does not know are gone.
 *
 * **Output** is an object with the members of the model: times as milliseconds or Dates, blobs as Buffers; undefined,
 * null and whatever the model does not know are left out. Members may be headers or the status, as the model says.
 * `undefined` stands for an empty output. It may be a promise.
 *
 * **Errors**: throw `new AwsError(code, message)`. Status and form are the model's; further members of the error's
 * document, or another status, are arguments. Any other exception becomes the service's internal error.
 *
 * **Lists**: `return call.page(all, { show, positionOf, most })` answers with one page and its token, by the model's
 * paginator.
 *
 * **Streams and other special cases**: `call` has the raw request and response. A blob that the model streams is not
 * read (for S3, `call.request` is the stream; `call.payload` verifies it); in the output it may be a Readable, Buffer or
 * text. A status and headers that the operation sets on `call.response` are kept; if it has begun to answer by itself,
 * nothing more is sent.
 *
 * Operations that the model has and that are not declared answer `NotEmulated`, others with AWS's error for unknown
 * ones. The endpoint's hooks run after the input has been read, and before it is checked.
 *
 * `lazyService` serves a service whose code is loaded only for programs that need it. What a model lacks, such as errors,
 * stands in `core/models/NAME.extras.json`, which `npm run models` adds:
 * `{ "metadata": {}, "shapes": { "Name": { "max": 10 } }, "pagination": {} }`.
 * @param name of the service's folder in botocore, such as `emr-serverless`
 */
export function defineService<State extends object>(
  name: string,
  operations: Record<string, Run<State>>,
  options: ServiceOptions = {},
): Definition<State> {
  const { signingName = name, models = [], limit } = options;
  const definition: Definition<State> = {
    models: [name, ...models],
    signingName,
    operations,
    options,
    serve: (state) =>
      Object.assign(state, {
        signingNames: [signingName],
        limit,
        // Models and protocols are loaded with the first request.
        handle: (call: Call) => (require("./dispatch") as typeof dispatch).answer(definition, state, call),
      }),
  };
  return definition;
}
