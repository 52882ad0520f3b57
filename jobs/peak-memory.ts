/** The most memory that this process has held so far, the engine's within it; in bytes. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
