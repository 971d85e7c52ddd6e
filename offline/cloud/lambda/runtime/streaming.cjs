// Handlers that write their response piece by piece. @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html

/** How Lambda's own runtime marks such a handler. */
const mark = Symbol.for("aws.lambda.runtime.handler.streaming");
/** The content type of a stream that begins with the metadata of a response over HTTP. */
const HTTP_RESPONSE = "application/vnd.awslambda.http-integration-response";
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
      stream.setContentType(HTTP_RESPONSE);
      stream.write(JSON.stringify(metadata));
      stream.write(delimiter);
      return stream;
    },
  },
};

function isStreaming(handler) {
  return handler[mark] !== undefined;
}

/** @param send receives each piece, and the stream's content type if the handler has set one */
async function callStreaming(handler, event, context, send) {
  const { Writable } = require("node:stream");
  const { finished } = require("node:stream/promises");
  let contentType;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      send(chunk, contentType);
      done();
    },
  });
  stream.setContentType = (type) => {
    contentType = type;
  };
  const ended = finished(stream);
  // The handler's own error comes first, if both fail.
  ended.catch(() => undefined);
  await handler(event, stream, context);
  stream.end();
  await ended;
}

module.exports = { awslambda, callStreaming, isStreaming };
