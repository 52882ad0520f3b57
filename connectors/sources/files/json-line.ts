/** One value of a line, as the table gets it: text as it is meant, everything else as it is written. */
export type JsonField = readonly [name: string, value: string | null];

/** Why a line is no record. */
export class BrokenLine {
  readonly message: string;
  readonly column: number | null;

  constructor(message: string, column: number | null = null) {
    this.message = message;
    this.column = column;
  }
}

/**
 * The fields of a JSON object, in its order. Numbers keep their digits, however many; objects and arrays stay JSON,
 * without blanks; null is no value. What no text can hold, NUL and half a surrogate pair, becomes U+FDD0.
 */
export function jsonFields(line: string): JsonField[] | BrokenLine {
  const fault = faultOf(line);
  if (fault) return fault;
  // From here on the line is valid JSON, which makes walking it simple.
  const fields: JsonField[] = [];
  const names = new Set<string>();
  let index = skipBlanks(line, skipBlanks(line, 0) + 1);
  while (line[index] !== '}') {
    const nameEnd = endOfText(line, index);
    const name = holdable(textOf(line.slice(index, nameEnd)));
    if (names.has(name)) return new BrokenLine(`it has the key "${name}" twice`, index + 1);
    names.add(name);
    const start = skipBlanks(line, skipBlanks(line, nameEnd) + 1);
    const end = endOfValue(line, start);
    fields.push([name, fieldValue(line.slice(start, end))]);
    index = skipBlanks(line, end);
    if (line[index] === ',') index = skipBlanks(line, index + 1);
  }
  return fields;
}

function faultOf(line: string): BrokenLine | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const said = (error as SyntaxError).message;
    const position = /position (\d+)/.exec(said)?.[1];
    const isCut = /^Unexpected end|^Unterminated|^Expected .* after/.test(said) && !/[}\]]\s*$/.test(line);
    return new BrokenLine(
      isCut ? 'it ends within a value' : 'it is no JSON',
      position === undefined ? null : Number(position) + 1,
    );
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? null : new BrokenLine('it is no object');
}

function fieldValue(written: string): string | null {
  switch (written[0]) {
    case '"':
      return holdable(textOf(written));
    case '{':
    case '[':
      return withoutBlanks(written);
    case 'n':
      return null;
    default:
      return written;
  }
}

function textOf(written: string): string {
  return written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1);
}

/** The engines' mark of a character that they cannot hold; the row goes to quarantine. */
function holdable(text: string): string {
  const held = text.includes('\0') ? text.replaceAll('\0', '\ufdd0') : text;
  // With flag `u` a whole pair is no surrogate.
  return /[\ud800-\udfff]/.test(held) ? held.replace(/\p{Surrogate}/gu, '\ufdd0') : held;
}

function skipBlanks(line: string, start: number): number {
  let index = start;
  while (index < line.length && line.charCodeAt(index) <= 32) index += 1;
  return index;
}

/** The place behind the closing quote of the text that begins here. */
function endOfText(line: string, start: number): number {
  for (let end = line.indexOf('"', start + 1); ; end = line.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (line[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
}

function endOfValue(line: string, start: number): number {
  const first = line[start];
  if (first === '"') return endOfText(line, start);
  let index = start;
  if (first !== '{' && first !== '[') {
    while (!/[,}\]\s]/.test(line[index] as string)) index += 1;
    return index;
  }
  let depth = 0;
  do {
    const letter = line[index];
    if (letter === '"') {
      index = endOfText(line, index);
      continue;
    }
    if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') depth -= 1;
    index += 1;
  } while (depth > 0);
  return index;
}

function withoutBlanks(written: string): string {
  if (!/\s/.test(written)) return written;
  let text = '';
  let index = 0;
  while (index < written.length) {
    const end = written[index] === '"' ? endOfText(written, index) : index + 1;
    const part = written.slice(index, end);
    if (part.trim() !== '') text += part;
    index = end;
  }
  return text;
}
