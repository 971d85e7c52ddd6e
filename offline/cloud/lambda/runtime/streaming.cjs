// Handlers that write their response piece by piece. @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html

/** How Lambda's own runtime marks such a handler. */
const mark = Symbol.for("aws.lambda.runtime.handler.streaming");
/** Between the metadata and the body of a response over HTTP. */
const delimiter = Buffer.alloc(8);

/** The global `awslambda`. */
const awslambda = {
  streamifyResponse(handler) {
    handler[mark] = "response";
    return handler;
  },
  HttpResponseStream: {
    /** Gives the response a status and headers. */
    from(stream, metadata) {
      stream.write(JSON.stringify(metadata));
      stream.write(delimiter);
      return stream;
    },
  },
};

function isStreaming(handler) {
  return handler[mark] !== undefined;
}

/** @param send receives each piece */
async function callStreaming(handler, event, context, send) {
  const { Writable } = require("node:stream");
  const { finished } = require("node:stream/promises");
  const stream = new Writable({
    write(chunk, _encoding, done) {
      send(chunk);
      done();
    },
  });
  stream.setContentType = () => undefined;
  const ended = finished(stream);
  // The handler's own error comes first, if both fail.
  ended.catch(() => undefined);
  await handler(event, stream, context);
  stream.end();
  await ended;
}

module.exports = { awslambda, callStreaming, isStreaming };
