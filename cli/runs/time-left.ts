/** Who began when, and how long each took the last time; all in seconds. */
export interface Pace {
  usual: ReadonlyMap<string, number>;
  /** Jobs that have begun and are not done: for how long. */
  running: ReadonlyMap<string, number>;
  done: ReadonlySet<string>;
}

/**
 * Seconds until the end, if every job takes as long as the last time: extracts go on at once, the others one after the
 * other. Null where nothing is known.
 */
export function timeLeft({ usual, running, done }: Pace): number | null {
  if (usual.size === 0) return null;
  const left = [...usual]
    .filter(([job]) => !done.has(job))
    .map(([job, seconds]) => ({ job, seconds: Math.max(0, seconds - (running.get(job) ?? 0)) }));
  const isExtract = ({ job }: { job: string }) => job.startsWith('extract:');
  const extracts = left.filter(isExtract).map(({ seconds }) => seconds);
  const others = left.filter((one) => !isExtract(one)).reduce((total, { seconds }) => total + seconds, 0);
  return Math.round(Math.max(0, ...extracts) + others);
}
