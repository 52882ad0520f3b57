/** The line of a text with a caret under the place, cut to about a hundred characters around it. */
export function excerpt(text: string, line: number, column: number, length: number): string {
  const whole = text.split('\n')[line - 1]?.replace(/\r$/, '') ?? '';
  const start = Math.max(0, column - 61);
  const shown = `${start > 0 ? '…' : ''}${whole.slice(start, start + 100)}${whole.length > start + 100 ? '…' : ''}`;
  const indent = column - 1 - start + (start > 0 ? 1 : 0);
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - indent)));
  const gutter = String(line);
  return `${gutter} │ ${shown}\n${' '.repeat(gutter.length)} │ ${' '.repeat(indent)}${carets}`;
}
