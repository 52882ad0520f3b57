/** The end of a verb's help: `.addHelpText('after', example('whalecurve check'))`. */
export function example(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}
