const places = 2

/**
 * Runs steps, two at a time, each after those that it needs. A step whose need was not met is not run.
 *
 * @param observer `{ begun(step), ended(step, result) }`; a result also has `seconds`
 * @returns the result of each step, in the order of `steps`
 */
export async function schedule(steps, context, observer) {
  const results = new Map()
  const running = new Map()
  let free = places
  let waiting = [...steps]

  const begin = (step) => {
    const cores = step.cores ?? 1
    free -= cores
    const started = performance.now()
    observer.begun(step)
    const ending = attempt(step, context).then((result) => {
      free += cores
      running.delete(step)
      end(step, { ...result, seconds: (performance.now() - started) / 1000 })
    })
    running.set(step, ending)
  }

  const end = (step, result) => {
    results.set(step, result)
    observer.ended(step, result)
  }

  while (waiting.length > 0 || running.size > 0) {
    for (const step of waiting) {
      const unmet = (step.needs ?? []).find((name) => isUnmet(name, results))
      if (unmet) end(step, { status: 'not run', note: `needs ${unmet}`, seconds: 0 })
    }
    waiting = waiting.filter((step) => !results.has(step))

    const ready = waiting.find((step) => isReady(step, { steps, results, waiting, running }))
    // Strictly in order: a step that takes both places would else never find them free.
    if (ready && (ready.cores ?? 1) <= free) {
      waiting = waiting.filter((step) => step !== ready)
      begin(ready)
    } else if (running.size > 0) {
      await Promise.race(running.values())
    }
  }
  return steps.map((step) => ({ step, ...results.get(step) }))
}

async function attempt(step, context) {
  try {
    return await step.run(context)
  } catch (error) {
    return { status: 'failed', note: '', output: error instanceof Error ? error.stack : String(error) }
  }
}

function isUnmet(name, results) {
  const met = [...results].find(([step]) => step.name === name)
  return met !== undefined && met[1].status !== 'passed'
}

function isReady(step, { steps, results, waiting, running }) {
  if (step.last && (running.size > 0 || waiting.some((other) => !other.last))) return false
  return (step.needs ?? []).every((name) => results.has(steps.find((other) => other.name === name)))
}
