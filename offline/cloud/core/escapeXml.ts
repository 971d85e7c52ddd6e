/** Text for XML. Control characters are escaped as well: parsers would turn some of them into others. */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys of objects may have them
  return text.replace(/[<>&'"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
}
