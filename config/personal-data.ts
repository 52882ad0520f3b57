const email = /[\p{L}\p{N}._%+'*-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** International, as phone numbers are kept; any other row of digits may be a count or an id. */
const phone = /\+\d[\d ()./-]{6,}\d/g;
/** What messages quote is what was found: `"x"`, `'x'`, and the keys of rows as JSON. Words of the config stand in backticks. */
const quoted = /\{"(?:[^{}]|\{[^{}]*\})*\}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** The text without e-mail addresses and phone numbers, whatever holds them. */
export function withoutContacts(text: string): string {
  return text.replace(email, '***@***').replace(phone, '+***');
}

/** A message about data without the values that it quotes. */
export function withoutValues(message: string): string {
  return withoutContacts(message.replace(quoted, '"…"'));
}
