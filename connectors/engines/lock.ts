/** That one run at a time works on a state. The lock of a process that is gone is free. */
export interface StateLock {
  /** @throws WC-RUN-001 naming the run that has it */
  acquire(runId: string, now: Date): Promise<HeldLock>;
  /** Who has it and is at work, as far as can be told from here; null where nobody does. */
  holder(): Promise<LockHolder | null>;
  /** Tells the run that has it to stop, wherever it runs; nothing happens where another run has it. */
  askToStop(runId: string): Promise<void>;
}

export interface HeldLock {
  /** False once the lock was lost: this process slept too long, and another may have taken over. */
  isOurs(): Promise<boolean>;
  /** Aborted once somebody asked the run to stop. */
  stopAsked: AbortSignal;
  /** The holder goes on as another run. */
  rename(runId: string): Promise<void>;
  release(): Promise<void>;
}

export interface LockHolder {
  runId: string;
  /** Of the operating system; on engine `postgres` that of the server's session. */
  pid: number;
  host: string;
  /** ISO 8601, UTC. */
  since: string;
}
