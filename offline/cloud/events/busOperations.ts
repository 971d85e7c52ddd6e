import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { type Tag, tagsOf } from "../core/tags";
import { busArn, DEFAULT_BUS } from "./arns";
import type { EventBuses } from "./eventBuses";
import { type Permission, withoutStatement, withStatement } from "./permissions";
import type { Bus } from "./rule";

type BusName = { Name?: string };

export const busOperations = {
  CreateEventBus: createBus,
  DescribeEventBus: (buses: EventBuses, { Name }: BusName, { scope }: OperationCall) =>
    show(buses.get(Name, scope.region)),
  ListEventBuses: (buses: EventBuses, { NamePrefix = "" }: { NamePrefix?: string }, { scope, page }: OperationCall) =>
    page(
      buses.all(scope.region).filter(({ name }) => name.startsWith(NamePrefix)),
      { show, positionOf: ({ name }) => name },
    ),
  DeleteEventBus: deleteBus,
  PutPermission: putPermission,
  RemovePermission: removePermission,
};

type CreateInput = { Name: string; Description?: string; Tags?: Tag[] };

function createBus(buses: EventBuses, { Name, Description, Tags }: CreateInput, { scope }: OperationCall): object {
  if (buses.find(Name, scope.region))
    throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
  const arn = busArn(Name, scope.region);
  buses.putBus({ name: Name, arn, description: Description, tags: tagsOf(Tags) });
  return { EventBusArn: arn, Description };
}

function deleteBus(buses: EventBuses, { Name }: BusName, { scope }: OperationCall): undefined {
  if (Name === DEFAULT_BUS) throw new AwsError("ValidationException", `Cannot delete event bus ${DEFAULT_BUS}.`);
  const bus = buses.find(Name, scope.region);
  if (!bus) return;
  if (bus.rules.size > 0)
    throw new AwsError("ValidationException", `Event bus ${Name} can't be deleted since it has rules.`);
  buses.deleteBus(bus);
}

function show({ name, arn, description, policy, createdAt, modifiedAt }: Bus): object {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    Policy: policy,
    CreationTime: createdAt,
    LastModifiedTime: modifiedAt,
  };
}

type EventBusName = { EventBusName?: string };

function putPermission(buses: EventBuses, input: Permission & EventBusName, { scope }: OperationCall): undefined {
  const bus = buses.get(input.EventBusName, scope.region);
  buses.putBus({ ...bus, policy: input.Policy ?? withStatement(bus, input) });
}

type RemoveInput = EventBusName & { StatementId?: string; RemoveAllPermissions?: boolean };

function removePermission(buses: EventBuses, input: RemoveInput, { scope }: OperationCall): undefined {
  const bus = buses.get(input.EventBusName, scope.region);
  const policy = input.RemoveAllPermissions ? undefined : withoutStatement(bus, input.StatementId);
  buses.putBus({ ...bus, policy });
}
