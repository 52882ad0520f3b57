const number = /^[-+]?(\d+|\d{1,3}([.,' ]\d{3})+)([.,]\d+)?(e[-+]?\d+)?\s?[%€$£]?$/i;
const dateOrTime = /^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})([ T]\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2}.*)?$/;
const email = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** True for text that is a value and hardly the name of a column: a number, a date, a time, an address, a UUID. */
export function looksLikeValue(text: string): boolean {
  const trimmed = text.trim();
  return [number, dateOrTime, email, uuid].some((pattern) => pattern.test(trimmed));
}
