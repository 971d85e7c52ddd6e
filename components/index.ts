export type { FunctionAccess, Statement } from "./access";
export { AlarmTopic, type AlarmTopicArgs } from "./alarmTopic";
export * from "./api/args";
export { ItemsTable, type TableAccessLevel, type TableAccessOptions } from "./itemsTable";
export * from "./lambda/args";
export { LambdaFunction } from "./lambdaFunction";
export { ServerlessApi } from "./serverlessApi";
export * from "./table/args";
