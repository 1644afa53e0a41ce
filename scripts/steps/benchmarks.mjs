import { benchmark } from '../lib/benchmark.mjs'
import { developmentNode } from '../lib/development-node.mjs'
import { toolEnvironment } from '../lib/environment.mjs'
import { run } from '../lib/run.mjs'
import { failed, passed } from '../lib/step.mjs'

/** Not for its figures, which mean nothing in so short a time: what was sent must arrive, whole and in order. */
export const benchmarks = {
  name: 'benchmarks',
  title: 'the benchmarks run, and nothing is lost in them',
  async run() {
    const { entry, flags } = benchmark
    const { code, output, stdout } = await run(developmentNode(), [...flags, entry, '--quick'], {
      environment: toolEnvironment(),
    })
    return code === 0 ? passed(stdout.trim().split('\n').at(-1)) : failed(output)
  },
}
