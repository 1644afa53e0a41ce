import { type Act, calmFate, type Fate, type Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** How many smaller scenarios are tried at most. */
const most = 600

/** Looks for a smaller scenario that fails in the same way: with fewer acts, fewer troubles and plainer settings. */
export async function shrink(scenario: Scenario, fault: string): Promise<Scenario> {
  let smallest = scenario
  let tried = 0
  for (let better = true; better; ) {
    better = false
    for (const smaller of smallerOnes(smallest)) {
      if (++tried > most) return smallest
      if (kindOf((await simulate(smaller)).fault) !== kindOf(fault)) continue
      smallest = smaller
      better = true
      break
    }
  }
  return smallest
}

// Without what it says of one run.
function kindOf(fault: string | undefined): string | undefined {
  return fault?.replace(/\([^)]*\)|\d+/g, '')
}

function* smallerOnes(scenario: Scenario): Iterable<Scenario> {
  const { acts, fates, settings } = scenario
  for (const index of acts.keys()) yield { ...scenario, acts: acts.toSpliced(index, 1) }
  for (let length = 0; length < fates.length; length += 1)
    yield { ...scenario, fates: fates.slice(0, length) }
  for (const [index, fate] of fates.entries()) {
    for (const plainer of plainerFates(fate)) yield { ...scenario, fates: fates.with(index, plainer) }
  }
  for (const [index, act] of acts.entries()) {
    for (const plainer of plainerActs(act)) yield { ...scenario, acts: acts.with(index, plainer) }
  }
  for (const plainer of plainerSettings(settings)) yield { ...scenario, settings: plainer }
}

const plainSettings: Partial<Scenario['settings']> = {
  wakes: 'prompt',
  headers: 0,
  maxAge: 3_600_000,
  clients: 1,
  loses: false,
  rights: 0,
  posts: false,
  rests: false,
  held: 0,
  asks: false,
  stores: 'nothing',
  each: false,
  shards: 1,
}

function* plainerSettings(settings: Scenario['settings']): Iterable<Scenario['settings']> {
  for (const [name, value] of Object.entries(plainSettings)) {
    if (settings[name as keyof typeof settings] !== value) yield { ...settings, [name]: value }
  }
  for (const mood of settings.moods) {
    if (settings.moods.length > 1)
      yield { ...settings, moods: settings.moods.filter((other) => other !== mood) }
  }
}

function* plainerFates(fate: Fate): Iterable<Fate> {
  if (fate !== calmFate) yield calmFate
  if (fate.kind !== 'serve') return
  if (fate.poll) yield { ...fate, poll: false }
  const { cut, ...uncut } = fate
  if (cut !== undefined) yield uncut
  if (fate.chunks !== 'whole') yield { ...fate, chunks: 'whole' }
  if (fate.deaf) yield { ...fate, deaf: false }
  if (fate.farewell !== 0) yield { ...fate, farewell: 0 }
}

function* plainerActs(act: Act): Iterable<Act> {
  const { when } = act
  if ('turns' in when && when.turns > 0) yield { ...act, when: { ...when, turns: 0 } }
  if (act.do === 'publish' && act.count > 1) yield { ...act, count: 1 }
  if ('fill' in act) {
    const { fill: _, ...narrower } = act
    yield narrower
  }
  if ('client' in act && act.client > 0) yield { ...act, client: 0 }
  if (act.do !== 'subscribe') return
  const { durable, ack, ...lasting } = act
  if (durable !== undefined) yield { ...lasting, ...(ack && { ack }) }
  if (ack !== undefined) yield { ...lasting, ...(durable && { durable }) }
  if (act.pace !== 'sync') yield { ...act, pace: 'sync' }
  if (act.fails !== 0) yield { ...act, fails: 0 }
  if (act.closesAfter !== 0) yield { ...act, closesAfter: 0 }
  if (act.signal) yield { ...act, signal: false }
  if (act.form !== 'handler') yield { ...act, form: 'handler' }
}
