import type { Operation } from "./database";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
export const describeLimits: Operation = async () => ({
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
});

/** As AWS answers it. SDKs that are given an endpoint do not ask for others. */
export const describeEndpoints: Operation = async (database) => {
  const { awsRegion } = database.begin().tableDb;
  return { Endpoints: [{ Address: `dynamodb.${awsRegion}.amazonaws.com`, CachePeriodInMinutes: 1440 }] };
};
