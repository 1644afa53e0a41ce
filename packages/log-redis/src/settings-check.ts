import { problemWith } from './errors.ts'
import type { Settings } from './options.ts'

/** Looks whether this Redis is set up to keep what it is given. @throws LogEngineError where it would lose history, unless that is only to be told */
export async function checkSettings(
  run: (command: string[]) => Promise<unknown>,
  { eviction, onWarning }: Pick<Settings, 'eviction' | 'onWarning'>,
): Promise<void> {
  const policy = await setting(run, 'maxmemory-policy')
  if (policy === undefined) {
    onWarning(
      'Redis does not tell its maxmemory-policy (CONFIG GET is not allowed). See to it that it is noeviction',
    )
  } else if (policy !== 'noeviction') {
    const message = `maxmemory-policy is ${policy}, which may evict the log when memory runs out. Set it to noeviction`
    if (eviction === 'refuse')
      throw problemWith('settings', `${message}, or take the risk (eviction: 'warn')`)
    onWarning(`Redis: ${message}`)
  }
}

async function setting(
  run: (command: string[]) => Promise<unknown>,
  name: string,
): Promise<string | undefined> {
  let answer: unknown
  try {
    answer = await run(['CONFIG', 'GET', name])
  } catch (error) {
    // Not allowed, or not there: many hosted ones. A connection that broke is told by what comes next.
    if (error instanceof Error && /^(NOPERM|ERR) /.test(error.message)) return undefined
    throw error
  }
  // A list of names and values, or a map of them, by the version of the protocol that the client speaks.
  if (Array.isArray(answer)) return answer[1] as string | undefined
  if (answer instanceof Map) return answer.get(name) as string | undefined
  return (answer as Record<string, string> | null)?.[name]
}
