import { errorMembers, jsonCodes, parseJson } from "./json";
import { restProtocol } from "./rest";
import { readStructure, writeStructure } from "./tree";

export const restJson = restProtocol(
  {
    contentType: "application/json",
    idHeader: "x-amzn-RequestId",
    read: (model, shape, body, members) =>
      readStructure(model, shape, parseJson(body, "The body is not valid JSON"), members),
    write: (model, _, shape, value, members) => JSON.stringify(writeStructure(model, shape, value, members)),
  },
  (model, error, status, requestId) => {
    const headers = { "x-amzn-RequestId": requestId, "x-amzn-ErrorType": error.code };
    const body = JSON.stringify(errorMembers(model, error));
    return { status, headers: { "Content-Type": "application/json", ...headers }, body };
  },
  jsonCodes,
);
