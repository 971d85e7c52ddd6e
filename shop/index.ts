import { ItemsTable, LambdaFunction, ServerlessApi } from "pulumi-graviton";

const table = new ItemsTable("items");
const items = new LambdaFunction("items", { entry: "handlers/items.ts", access: [table.access("crud")] });
const api = new ServerlessApi("api", {
  // Anyone may call it: write "iam" to ask callers for AWS signatures.
  auth: "none",
  throttle: { rateLimit: 100, burstLimit: 50 },
  routes: {
    "GET /items": { operationId: "listItems", function: items },
    "POST /items": { operationId: "createItem", function: items },
  },
});

export const url = api.url;
export const tableName = table.tableName;
