import { LogEngineError } from '@millrace/log/engine'
import { problemWith } from './errors.ts'
import type { Settings } from './options.ts'

/** Sends a command, as a connection does. */
export type Run = (command: string[]) => Promise<unknown>

/** Looks whether this Redis is set up to keep what it is given. @throws LogEngineError where it would lose history, unless that is only to be told */
export async function checkSettings(
  run: Run,
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

/** What Redis has a setting set to; `undefined` where it does not tell. */
export async function setting(run: Run, name: string): Promise<string | undefined> {
  let answer: unknown
  try {
    answer = await run(['CONFIG', 'GET', name])
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
  // A list of names and values, or a map of them, by the version of the protocol that the client speaks.
  if (Array.isArray(answer)) return answer[1] as string | undefined
  if (answer instanceof Map) return answer.get(name) as string | undefined
  return (answer as Record<string, string> | null)?.[name]
}

/** Whether Redis answered that it does not allow a command or does not have it, as many hosted ones. Not that the connection broke. */
export function isRefusal(error: unknown): boolean {
  const said = LogEngineError.isInstance(error) ? error.cause : error
  return said instanceof Error && /^(NOPERM|ERR) /.test(said.message)
}
