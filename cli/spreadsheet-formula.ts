/**
 * A value that a spreadsheet would take for a formula; it gets an apostrophe before it, as OWASP's page on CSV injection
 * says. A number is none, whatever its sign.
 */
export const spreadsheetFormula = /^(?!-?\d+(\.\d+)?$)[=+\-@\t\r]/;
