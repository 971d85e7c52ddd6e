import type { Table } from "dynalite/db";
import type { Action, Corrections } from "../correction";
import { validationError } from "../errors";
import { closeStream, disableStream, enableStream, streamOf, type ViewType } from "./stream";

interface Input {
  TableName: string;
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: ViewType };
}

const INVALID = "One or more parameter values were invalid:";

const TYPES = {
  StreamSpecification: {
    type: "FieldStruct<StreamSpecification>",
    children: {
      StreamEnabled: { type: "Boolean", notNull: true },
      StreamViewType: { type: "String", enum: ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"] },
    },
  },
};

function check({ StreamSpecification: stream }: Input): string | undefined {
  if (stream?.StreamEnabled && !stream.StreamViewType)
    return `${INVALID} If stream is being enabled then UpdateViewType is required`;
  if (stream && !stream.StreamEnabled && stream.StreamViewType)
    return `${INVALID} If stream is being disabled, then UpdateViewType must not be specified`;
  return undefined;
}

const create =
  (next: Action): Action =>
  async (transaction, data) => {
    // Dynalite would store the specification as it is.
    const { StreamSpecification, ...rest } = data as Input;
    const answer = await next(transaction, rest);
    const { StreamEnabled, StreamViewType } = StreamSpecification ?? {};
    if (!StreamEnabled || !StreamViewType) return answer;
    const table = transaction.table(rest.TableName);
    enableStream(transaction, table, StreamViewType);
    return { ...answer, TableDescription: { ...answer.TableDescription, ...streamMembers(table) } };
  };

const update =
  (next: Action): Action =>
  async (transaction, data) => {
    const { StreamSpecification, ...rest } = data as Input;
    if (!StreamSpecification) return next(transaction, data);
    const { StreamEnabled, StreamViewType } = StreamSpecification;
    const before = transaction.findTable(rest.TableName);
    const hasStream = before && streamOf(transaction, before) !== undefined;
    if (before && hasStream === StreamEnabled) {
      const refusal = StreamEnabled ? "Table already has an enabled stream" : "Table has no stream to disable";
      throw validationError(`${refusal}: TableName: ${rest.TableName}`);
    }
    const answer = await next(transaction, rest);
    const table = transaction.table(rest.TableName);
    if (StreamViewType) enableStream(transaction, table, StreamViewType);
    else disableStream(transaction, table);
    const description = { ...answer.TableDescription, ...streamMembers(table), TableStatus: "UPDATING" };
    return { ...answer, TableDescription: description };
  };

const remove =
  (next: Action): Action =>
  async (transaction, data) => {
    const table = transaction.findTable(data.TableName ?? "");
    const stream = table && streamOf(transaction, table);
    const answer = await next(transaction, data);
    if (stream) closeStream(transaction, stream);
    return answer;
  };

function streamMembers({ StreamSpecification, LatestStreamArn, LatestStreamLabel }: Table): object {
  return { StreamSpecification, LatestStreamArn, LatestStreamLabel };
}

/** Tables' streams. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html */
export const STREAMS: Corrections = {
  CreateTable: { types: TYPES, check, effect: create },
  UpdateTable: { types: TYPES, check, effect: update },
  DeleteTable: { effect: remove },
};
