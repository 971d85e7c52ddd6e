/** One value of the configuration. */
export interface Setting {
  /** What the program receives: what is structured is JSON. */
  text: string;
  /** What was written, which has a type. */
  value: unknown;
  /** Where it was written, for messages. */
  source: string;
  /** The texts within it that are secret, if any are. */
  secrets: string[];
}

/** By full key, `project:key`. */
export type Settings = Record<string, Setting>;

/** @param secrets True when all of it is secret */
export function settingOf(value: unknown, source: string, secrets: string[] | boolean): Setting {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return { text, value, source, secrets: secrets === true ? [text] : secrets || [] };
}

export function isSecret(setting: Setting | undefined): boolean {
  return setting !== undefined && setting.secrets.length > 0;
}

/** The value for a message. */
export function shown(setting: Setting): string {
  return isSecret(setting) ? "[secret]" : JSON.stringify(setting.text);
}
