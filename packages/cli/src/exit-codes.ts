/** What the process ends with. */
export const exitCodes = {
  /** It was done, and all is well. */
  fine: 0,
  /** What was looked at is not as it should be: stale, broken, refused. */
  notFine: 1,
  /** The command line or a file that it names cannot be understood. */
  misused: 2,
} as const
