/**
 * Lets go of what a function of others gave where nobody waits for it. Were it a promise, its rejection would end the process.
 */
export function letGo(value: unknown): void {
  if (typeof value === 'object' && value !== null) Promise.resolve(value).catch(() => {})
}
