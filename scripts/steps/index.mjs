import { benchmarks } from './benchmarks.mjs'
import { browser } from './browser.mjs'
import { build } from './build.mjs'
import { changeset } from './changeset.mjs'
import { documents } from './documents.mjs'
import { enginesStep } from './engines.mjs'
import { attw, publint } from './exports.mjs'
import { knip } from './knip.mjs'
import { lint } from './lint.mjs'
import { lockfile } from './lockfile.mjs'
import { pack } from './pack.mjs'
import { papers } from './papers.mjs'
import { proxies } from './proxies.mjs'
import { runtimes } from './runtimes.mjs'
import { size } from './size.mjs'
import { tree } from './tree.mjs'
import { typeTests } from './type-tests.mjs'
import { types } from './types.mjs'
import { unit } from './unit.mjs'
import { walls } from './walls.mjs'

/**
 * Every step, in the order in which they are begun where nothing else decides: beside the engines, which mostly wait,
 * whatever needs one processor; then those that need both.
 */
export const steps = [
  lint,
  build,
  enginesStep,
  types,
  typeTests,
  documents,
  walls,
  size,
  publint,
  attw,
  pack,
  knip,
  papers,
  changeset,
  lockfile,
  proxies,
  benchmarks,
  unit,
  browser,
  runtimes,
  tree,
]
