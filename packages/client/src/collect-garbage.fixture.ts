import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Collects all that nobody holds, and lets the runtime do what it does then. */
export async function collectGarbage(): Promise<void> {
  for (let collection = 0; collection < 3; collection++) {
    await turn()
    collect()
  }
  await turn()
}
