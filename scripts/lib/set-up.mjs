import { build } from './build.mjs'
import { install, isInstalled } from './install.mjs'
import { onlyOne } from './only-one.mjs'

/**
 * Installs what is missing and builds the packages that the filters name. Says on stderr what it does only where that
 * takes a while, so that the output of the command itself stays its own.
 */
export async function setUp(...filters) {
  await onlyOne(async () => {
    if (!isInstalled()) {
      console.error('Installing dependencies (the first time this takes up to a minute) …')
      await install()
      if (filters.length > 0) console.error('Building …')
    }
    if (filters.length > 0) await build(...filters)
  })
}
