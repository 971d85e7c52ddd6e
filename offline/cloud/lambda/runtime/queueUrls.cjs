// SDKs send the calls for a queue to the host in its URL, whatever AWS_ENDPOINT_URL says. In the cloud that is SQS's own.
const Module = require("node:module");

const SQS = /^(?:sqs\.[\w-]+|[\w-]+\.queue|queue)\.amazonaws\.com(?:\.cn)?$/;

/** Sends what is meant for SQS's hosts to the endpoint, once the code has loaded `https`, which takes its time. */
function redirectQueues() {
  const load = Module._load;
  Module._load = function (name, ...others) {
    const loaded = load.call(this, name, ...others);
    if (name !== "https" && name !== "node:https") return loaded;
    Module._load = load;
    redirect(loaded);
    return loaded;
  };
}

function redirect(https) {
  const { request } = https;
  https.request = (options, ...others) => {
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SQS = AWS_ENDPOINT_URL } = process.env;
    if (!AWS_ENDPOINT_URL_SQS || !SQS.test(options?.hostname ?? options?.host)) return request(options, ...others);
    const { hostname, port } = new URL(AWS_ENDPOINT_URL_SQS);
    // The signature covers the Host header, which stays.
    const local = { ...options, protocol: "http:", host: hostname, hostname, port, agent: undefined };
    return require("node:http").request(local, ...others);
  };
  Module.syncBuiltinESMExports();
}

module.exports = { redirectQueues };
