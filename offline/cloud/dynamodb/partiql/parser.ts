import { Cursor } from "./cursor";
import { ADDITION, readExpression, readPath } from "./expressions";
import { malformed, PARAMETERS_DIFFER } from "./refusals";
import type { Change, Expression, Path, Returning, Select, Statement } from "./syntax";

const RETURNING: Record<string, Returning> = {
  "ALL OLD": "ALL_OLD",
  "ALL NEW": "ALL_NEW",
  "MODIFIED OLD": "UPDATED_OLD",
  "MODIFIED NEW": "UPDATED_NEW",
};

/**
 * Parses a statement.
 * @param given how many parameters the request has
 * @throws AwsError when DynamoDB would refuse it whatever tables there are
 */
export function parse(text: string, given = 0): Statement {
  const cursor = new Cursor(text);
  const statement = readStatement(cursor);
  if (given > cursor.parameters) cursor.refuse(PARAMETERS_DIFFER);
  cursor.finish();
  return statement;
}

function readStatement(cursor: Cursor): Statement {
  if (cursor.is("SELECT")) return readSelect(cursor);
  if (cursor.passes("INSERT")) return readInsert(cursor);
  if (cursor.passes("UPDATE")) return readUpdate(cursor);
  if (cursor.passes("DELETE")) return readDelete(cursor);
  if (cursor.passes("FROM")) return readFromUpdate(cursor);
  if (!cursor.passes("EXISTS")) throw malformed("Expected data manipulation");
  cursor.expect("(", "Expected ( after EXISTS");
  if (!cursor.is("SELECT")) throw malformed("Expected SELECT within EXISTS");
  const select = readSelect(cursor);
  cursor.expect(")", "Expected ) after EXISTS");
  return { type: "exists", select };
}

function readSelect(cursor: Cursor): Select {
  cursor.take();
  const columns = cursor.passes("*") ? undefined : readColumns(cursor);
  cursor.expect("FROM", "Expected FROM after the columns");
  if (!cursor.isName) throw malformed("Unexpected term");
  const [table = "", index] = readSource(cursor);
  readAlias(cursor);
  const where = readWhere(cursor);
  return { type: "select", table, index, columns, where, order: readOrder(cursor) };
}

function readColumns(cursor: Cursor): Path[] {
  const columns: Path[] = [];
  do {
    const column = readExpression(cursor);
    if (column.type === "path") columns.push(column);
    else cursor.refuse(`Unexpected path component at ${column.position}`);
    readAlias(cursor);
  } while (cursor.passes(","));
  return columns;
}

function readOrder(cursor: Cursor): Select["order"] {
  if (!cursor.passes("ORDER")) return [];
  cursor.expect("BY", "Expected BY after ORDER");
  const order: Select["order"] = [];
  do {
    const path = readPath(cursor);
    const descending = cursor.passes("DESC");
    if (!descending) cursor.passes("ASC");
    order.push({ path, descending });
  } while (cursor.passes(","));
  return order;
}

function readInsert(cursor: Cursor): Statement {
  cursor.expect("INTO", "Expected INTO after INSERT");
  const table = readTable(cursor, "FROM clause may only contain a single table name");
  cursor.expect("VALUE", "Unexpected token after expression");
  return { type: "insert", table, item: readExpression(cursor) };
}

function readUpdate(cursor: Cursor): Statement {
  const table = readTable(cursor);
  readAlias(cursor);
  const changes = readChanges(cursor);
  return { type: "update", table, changes, where: readWhere(cursor), returning: readReturning(cursor) };
}

/** `FROM table WHERE … SET …`, another way to write an update. */
function readFromUpdate(cursor: Cursor): Statement {
  const table = readTable(cursor);
  readAlias(cursor);
  const where = readWhere(cursor);
  return { type: "update", table, changes: readChanges(cursor), where, returning: readReturning(cursor) };
}

function readDelete(cursor: Cursor): Statement {
  cursor.expect("FROM", "Expected FROM after DELETE");
  const table = readTable(cursor);
  readAlias(cursor);
  const where = readWhere(cursor);
  const returning = readReturning(cursor);
  if (returning && returning !== "ALL_OLD") {
    const [variant] = Object.entries(RETURNING).find(([, value]) => value === returning) ?? [];
    const reason = "Only RETURNING ALL OLD * is allowed in DELETE statements.";
    cursor.refuse(`Invalid returning clause: RETURNING ${variant} *. ${reason}`);
  }
  return { type: "delete", table, where, returning };
}

function readChanges(cursor: Cursor): Change[] {
  const changes: Change[] = [];
  while (cursor.is("SET", "REMOVE")) {
    const { text } = cursor.take();
    do {
      const path = readPath(cursor);
      if (text === "REMOVE") changes.push({ type: "remove", path });
      else {
        cursor.expect("=", "Expected = after the target of SET");
        changes.push({ type: "set", path, value: readExpression(cursor, ADDITION) });
      }
    } while (cursor.passes(","));
  }
  if (changes.length === 0) throw malformed("Expected data manipulation");
  return changes;
}

function readWhere(cursor: Cursor): Expression | undefined {
  return cursor.passes("WHERE") ? readExpression(cursor) : undefined;
}

function readReturning(cursor: Cursor): Returning | undefined {
  if (!cursor.passes("RETURNING")) return undefined;
  const words = [cursor.take(), cursor.take()].map(({ text }) => text.toUpperCase());
  const returning = RETURNING[words.join(" ")];
  if (!returning) throw malformed("Expected ALL or MODIFIED, and OLD or NEW, after RETURNING");
  cursor.expect("*", "Expected * after RETURNING");
  return returning;
}

/** Reads the names of a table and an index. */
function readSource(cursor: Cursor): string[] {
  const names = [cursor.take().text];
  while (cursor.passes(".")) {
    if (!cursor.isName) throw malformed("Invalid path dot component");
    names.push(cursor.take().text);
  }
  if (names.length > 2) cursor.refuse("A path may contain at most 2 components in the FROM clause");
  if (names.includes("")) cursor.refuse("Path component cannot be an empty string");
  return names;
}

/** Reads the name of a table that is written to. */
function readTable(cursor: Cursor, onIndex = "This operation is not supported on an index"): string {
  if (!cursor.isName) throw malformed("Expected identifier for simple path");
  const [table = "", index] = readSource(cursor);
  if (index !== undefined) cursor.refuse(onIndex);
  return table;
}

/** Passes the alias of a table or a column, which DynamoDB does not have. */
function readAlias(cursor: Cursor): void {
  if (!cursor.passes("AS") && !cursor.isName) return;
  if (!cursor.isName) throw malformed("Expected identifier");
  cursor.take();
  cursor.refuse("Aliasing is not supported");
}
