import type { Report } from '../jobs/job.ts';
import { colorsOf } from './colors.ts';
import type { CommandIo } from './command-io.ts';

/** One line on stderr for each step; on a terminal the line lives, and is gone at the end. */
export function demoProgress(io: CommandIo): {
  onStep: (step: string) => void;
  onProgress: Report;
  end: () => void;
} {
  const { dim } = colorsOf(io);
  const live = (text: string): void => {
    if (io.isTerminal) io.stderr.write(`\r\u001b[2K${text}`);
  };
  return {
    onStep: (step) => (io.isTerminal ? live(dim(`${step} …`)) : void io.stderr.write(`${step}\n`)),
    onProgress: (event) => {
      if (event.kind === 'job_started') live(dim(`running the pipeline: ${event.job} …`));
      if (event.kind === 'notice') io.stderr.write(`${io.isTerminal ? '\r\u001b[2K' : ''}${event.message}\n`);
    },
    end: () => live(''),
  };
}
