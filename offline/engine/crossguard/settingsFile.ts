import * as fs from "node:fs";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { isYamlMap, parseJson } from "../documents";
import { messageOf } from "../errors";
import { type FileSettings, type Level, levels } from "./settings";

const isLevel = (value: unknown): value is Level => levels.some((level) => level === value);

/** Reads a file that maps policies' names to levels, or to objects of `enforcementLevel` and the policy's properties. */
export function readSettings(file: string | undefined, names: string[]): FileSettings {
  const settings: FileSettings = { policies: new Map(), mistakes: [], warnings: [] };
  if (file === undefined) return settings;
  settings.path = file;
  const reader = new Reader(file, names, settings);
  const root = reader.parse();
  if (root) for (const [name, value] of Object.entries(root)) reader.add(name, value);
  return settings;
}

class Reader {
  constructor(
    private readonly file: string,
    private readonly names: string[],
    private readonly settings: FileSettings,
  ) {}

  parse(): Record<string, unknown> | undefined {
    const text = this.read();
    if (!text?.trim()) return undefined;
    if (text.startsWith("\uFEFF")) {
      this.mistake("it begins with a byte order mark, which JSON does not allow: save it as UTF-8 without one.");
      return undefined;
    }
    try {
      const root = parseJson(text);
      if (isYamlMap(root)) return root;
      this.mistake(`it must be an object: write {"all": "mandatory"}.`);
    } catch (error) {
      this.mistake(`it is not JSON: ${messageOf(error)}`);
    }
    return undefined;
  }

  add(name: string, value: unknown): void {
    if (name === "environments") {
      this.settings.warnings.push(`${this.file}: "environments" is ignored, as Pulumi ESC is not supported.`);
      return;
    }
    if (name !== "all" && !this.names.includes(name)) {
      const known = [...this.names].sort().join(", ") || "none";
      this.mistake(`"${name}" is not a policy of this pack. Its policies are: ${known}.`, name);
      return;
    }
    if (typeof value !== "string" && !isYamlMap(value)) {
      this.mistake(`"${name}" is ${JSON.stringify(value)}: write a level, or an object with "enforcementLevel".`, name);
      return;
    }
    const { enforcementLevel, ...properties } = isYamlMap(value) ? value : { enforcementLevel: value };
    if (enforcementLevel !== undefined && !isLevel(enforcementLevel)) {
      const levelNames = [...levels].sort().join(", ");
      this.mistake(`"${name}" has the level ${JSON.stringify(enforcementLevel)}: write one of ${levelNames}.`, name);
    }
    if (name === "all" && Object.keys(properties).length > 0) {
      this.mistake(`"all" takes only a level: give ${Object.keys(properties).join(", ")} to single policies.`);
    }
    this.settings.policies.set(name, {
      ...(isLevel(enforcementLevel) && { level: enforcementLevel }),
      properties: properties as Record<string, JavaScriptValue>,
    });
  }

  private read(): string | undefined {
    try {
      return fs.readFileSync(this.file, "utf8");
    } catch (error) {
      this.mistake(`it cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  private mistake(message: string, policy?: string): void {
    const isOfPolicy = policy !== undefined && this.names.includes(policy);
    this.settings.mistakes.push({ ...(isOfPolicy && { policy }), message: `${this.file}: ${message}` });
  }
}
