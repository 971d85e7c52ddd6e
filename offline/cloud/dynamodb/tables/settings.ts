import type { Table } from "dynalite/db";
import type { ParameterTypes } from "dynalite/validations";
import type { Check } from "../correction";

interface Encryption {
  Enabled?: boolean;
  SSEType?: string;
  KMSMasterKeyId?: string;
}

/** What a table has besides its key, indexes and capacity, as a request gives it. */
export interface Settings {
  DeletionProtectionEnabled?: boolean;
  TableClass?: string;
  SSESpecification?: Encryption;
  OnDemandThroughput?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
  WarmThroughput?: { ReadUnitsPerSecond?: number; WriteUnitsPerSecond?: number };
}

const units = (...names: string[]) => ({
  type: "FieldStruct<Throughput>",
  children: Object.fromEntries(names.map((name) => [name, { type: "Long" }])),
});

export const THROUGHPUT_TYPES: ParameterTypes = {
  OnDemandThroughput: units("MaxReadRequestUnits", "MaxWriteRequestUnits"),
  WarmThroughput: units("ReadUnitsPerSecond", "WriteUnitsPerSecond"),
};

export const SETTING_TYPES: ParameterTypes = {
  ...THROUGHPUT_TYPES,
  DeletionProtectionEnabled: "Boolean",
  TableClass: "String",
  SSESpecification: {
    type: "FieldStruct<SSESpecification>",
    children: { Enabled: "Boolean", SSEType: { type: "String", enum: ["AES256", "KMS"] }, KMSMasterKeyId: "String" },
  },
};

export const SETTINGS = Object.keys(SETTING_TYPES) as (keyof Settings)[];

/** What DynamoDB changes in a request of its own only. */
const ALONE = {
  SSESpecification: "Server-Side Encryption",
  TableClass: "TableClass",
  DeletionProtectionEnabled: "DeletionProtection",
};

/** The key of DynamoDB's own in an account, which encrypts a table unless it is given another one. */
const DEFAULT_KEY = "key/8d8f4ab1-0f1c-4c0e-9f4d-5d1a3c1f2b6e";

/** The days for which a table can be restored unless a request says otherwise. */
export const LONGEST_DAYS = 35;

const TABLE_CLASSES = ["STANDARD", "STANDARD_INFREQUENT_ACCESS"];
const INVALID = "One or more parameter values were invalid:";

export const checkSettings: Check<Settings> = ({ TableClass, SSESpecification = {} }) => {
  if (TableClass && !TABLE_CLASSES.includes(TableClass))
    return `Invalid table-class parameter provided. Please try again with a valid table-class value: [${TABLE_CLASSES.join(", ")}].`;
  const { Enabled, SSEType, KMSMasterKeyId } = SSESpecification;
  if (SSEType && !Enabled) return `${INVALID} SSEType can not be specified if Enabled is false`;
  if (KMSMasterKeyId && !Enabled) return `${INVALID} KMSMasterKeyId can not be specified if Enabled is false`;
  return SSEType === "AES256" ? `${INVALID} SSEType AES256 is not supported` : undefined;
};

export const checkSettingsUpdate: Check<Settings> = (input, store) => {
  const alone = (Object.keys(ALONE) as (keyof typeof ALONE)[]).find((name) => input[name] !== undefined);
  const others = Object.keys(input).filter((name) => !["TableName", "AttributeDefinitions", alone].includes(name));
  if (alone && others.length > 0)
    return `${INVALID} ${ALONE[alone]} modification must be the only operation in the request`;
  return checkSettings(input, store);
};

/** A table with the settings of a request, or of the program. */
export function withSettings(table: Table, settings: Settings): Table {
  const { DeletionProtectionEnabled, TableClass, SSESpecification, OnDemandThroughput, WarmThroughput } = settings;
  return {
    ...table,
    ...(DeletionProtectionEnabled !== undefined && { DeletionProtectionEnabled }),
    ...(TableClass && { TableClassSummary: { TableClass } }),
    ...(SSESpecification && { SSEDescription: encryptionOf(SSESpecification, table) }),
    ...(OnDemandThroughput && { OnDemandThroughput }),
    ...(WarmThroughput && { WarmThroughput: { ...WarmThroughput, Status: "ACTIVE" } }),
  };
}

/** Undefined for a table that is encrypted as any other. */
function encryptionOf({ Enabled, KMSMasterKeyId }: Encryption, { TableArn }: Table): Table["SSEDescription"] {
  const defaultKey = TableArn.replace(/dynamodb:(.+):table\/.+$/, `kms:$1:${DEFAULT_KEY}`);
  return Enabled ? { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: KMSMasterKeyId ?? defaultKey } : undefined;
}

/** Undefined if a table cannot be restored. A table that can be already keeps the time since when. */
export function recoveryOf(
  isEnabled: boolean,
  RecoveryPeriodInDays = LONGEST_DAYS,
  { PointInTimeRecovery }: Partial<Table> = {},
): Table["PointInTimeRecovery"] {
  const { since = Date.now() / 1000 } = PointInTimeRecovery ?? {};
  return isEnabled ? { RecoveryPeriodInDays, since } : undefined;
}
