import pc from 'picocolors';
import type { CommandIo } from './command-io.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours on a terminal, plain text elsewhere and wherever `NO_COLOR` is set. */
export function colorsOf(io: CommandIo): Colors {
  return pc.createColors(io.isTerminal && !io.environment.NO_COLOR);
}
