import type { Settings } from './options.ts'

/** When to come back, in milliseconds, for who is sent away at once: not all at once, wherever that will be. */
export function spreadRetry({ retry, random }: Pick<Settings, 'retry' | 'random'>): number {
  return retry + Math.floor(random() * retry)
}
