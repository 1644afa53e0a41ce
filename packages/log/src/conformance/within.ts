import { ConformanceError } from './check.ts'

/** The promise, or a failure that says what was waited for when it takes longer than so many milliseconds. */
export async function within<Value>(patience: number, promise: Promise<Value>, what: string): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceError(`waited in vain for ${what}`)), patience)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
