import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { mutations } from './mutations.ts'

// Loaded before all else: puts the fault that is named into the client's sources as they are loaded.
const name = process.env.MILLRACE_MUTATION
const mutation = mutations.find((mutation) => mutation.name === name)
if (mutation === undefined) throw new Error(`There is no mutation "${name}"`)
const { file, find, replace } = mutation
const url = new URL(`../src/${file}`, import.meta.url).href
const source = readFileSync(fileURLToPath(url), 'utf8')
if (source.split(find).length !== 2) throw new Error(`${file} has ${JSON.stringify(find)} not exactly once`)

registerHooks({
  load(loaded, context, next) {
    const given = next(loaded, context)
    // As a function, so that a dollar sign is one.
    return loaded === url ? { ...given, source: source.replace(find, () => replace) } : given
  },
})
