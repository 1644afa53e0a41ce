// In one go, since a log that is open would take what is half there for lost, and begin anew.
const putBack = `
for index = 1, #KEYS, 2 do
  redis.call('DEL', KEYS[index])
  redis.call('COPY', KEYS[index + 1], KEYS[index])
end`

/** All keys that a log has, each followed by that of its copy. */
export const keysOf = (name: string) =>
  ['meta', 'records', 'keys'].flatMap((key) => [`{${name}}:${key}`, `{${name}}:${key}:copy`])

/**
 * Copies what a log holds, within Redis. What is resolved with puts that back, as a failover to a replica that lagged behind does, while the log is open.
 */
export async function copyKeys(
  command: (...words: string[]) => Promise<unknown>,
  name: string,
): Promise<() => Promise<void>> {
  const keys = keysOf(name)
  for (let index = 0; index < keys.length; index += 2) {
    await command('COPY', keys[index] as string, keys[index + 1] as string, 'REPLACE')
  }
  return async () => void (await command('EVAL', putBack, `${keys.length}`, ...keys))
}
