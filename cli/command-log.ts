import { createLog, type Log } from '../config/log.ts';
import type { CommandIo } from './command-io.ts';

/** The log of a command, on stderr: lines for people on a terminal, JSON lines elsewhere, no secret in either. */
export function commandLog(io: CommandIo, { isVerbose }: { isVerbose: boolean }): Log {
  return createLog({
    secrets: io.secrets,
    format: io.isTerminal ? 'text' : 'json',
    level: isVerbose ? 'debug' : 'info',
    stream: io.stderr,
  });
}
