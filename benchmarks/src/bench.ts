import { mkdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Opening } from './load/fleet.ts'
import type { LoadMethods, LoadState } from './load/load-process.ts'
import type { PeerName } from './peers/names.ts'
import type { PeerOptions, StreamAddress } from './peers/peer.ts'
import { startWorker, type Worker } from './process-calls.ts'
import type { Checks } from './scenario.ts'
import type { Publication, ServerMethods, Usage } from './server-process.ts'

/** What a window of time took. */
export interface Window {
  /** CPU time of the server, in microseconds. */
  readonly cpu: number
  /** Length, in microseconds. */
  readonly time: number
}

export interface BenchOptions {
  readonly peer: PeerName
  /** Folder for a profile of each window that has a name; none when absent. */
  readonly profiles: string | undefined
  readonly scenario: string
  /** Time for what still goes on after something is done: garbage, closing sockets, timers. In milliseconds. */
  readonly settling: number
}

const cores = { server: 0, generator: 1 } as const

/** A server and a load generator, each in a process of its own, and what scenarios do with them. */
export class Bench {
  readonly peer: PeerName
  readonly server: Worker<ServerMethods>
  readonly load: Worker<LoadMethods>
  readonly #options: BenchOptions
  #where: { readonly port: number; readonly address: StreamAddress } | undefined
  #expected = 0
  #share = 0
  #others = 0

  constructor(options: BenchOptions) {
    this.#options = options
    this.peer = options.peer
    this.server = startWorker('./server-process.ts', cores.server, ['--expose-gc'])
    this.load = startWorker('./load/load-process.ts', cores.generator)
  }

  async start(options: Partial<PeerOptions> = {}): Promise<void> {
    this.#where = await this.server.call('start', {
      name: this.peer,
      options: { heartbeat: 15_000, ...options },
    })
  }

  /** Ends both processes, whatever they are doing. */
  async stop(): Promise<void> {
    await this.load.stop()
    await this.server.stop()
  }

  /** Where the peer listens. */
  get where(): { readonly port: number; readonly address: StreamAddress } {
    if (this.#where === undefined) throw new Error('The peer was not started')
    return this.#where
  }

  /** Opens streams, and waits until nothing more happens. */
  async open(opening: Omit<Opening, 'port' | 'address'>): Promise<void> {
    await this.load.call('open', { ...this.where, ...opening })
    await wait(this.#options.settling)
  }

  /** Cuts streams, and waits until the server knows. */
  async cut(count?: number): Promise<void> {
    await this.load.call('close', count === undefined ? {} : { count })
    await wait(this.#options.settling)
  }

  /** Publishes, and waits until everything has arrived. @param receivers streams that get each event */
  async deliver(publication: Publication, receivers: number): Promise<LoadState> {
    await this.server.call('publish', publication)
    return this.arrived(publication.ticks * publication.events * receivers)
  }

  /** Waits until this many more events have arrived. */
  arrived(events: number): Promise<LoadState> {
    this.#expected += events
    return this.load.call('until', { events: this.#expected, timeout: 30_000 })
  }

  /** Measures what both processes use while something is done. @param name of its profile */
  async window(task: () => Promise<unknown>, name?: string): Promise<Window> {
    const file = this.#profile(name)
    if (file !== undefined) await this.server.call('startProfile')
    const loadBefore = await this.load.call('state')
    const before = await this.server.call('usage')
    const busyBefore = busyTime()
    await task()
    const busy = busyTime() - busyBefore
    const after = await this.server.call('usage')
    const loadAfter = await this.load.call('state')
    if (file !== undefined) await this.server.call('stopProfile', { file })
    const time = loadAfter.time - loadBefore.time
    const generatorShare = (loadAfter.cpu - loadBefore.cpu) / time
    const cpu = after.cpu - before.cpu
    this.#share = Math.max(this.#share, generatorShare)
    this.#others = Math.max(this.#others, (busy - cpu) / time - generatorShare, 0)
    return { cpu, time }
  }

  /** What the server uses once its garbage is collected. */
  async collected(): Promise<Usage> {
    // Twice: what the first has freed may let go of more.
    for (let time = 0; time < 2; time += 1) {
      await this.server.call('collect')
      await wait(100)
    }
    return this.server.call('usage')
  }

  /** What shows whether the measurement is worth anything. Asked last. */
  async checks(): Promise<Checks> {
    const { events, disordered, lost } = await this.load.call('state')
    return {
      generatorShare: this.#share,
      othersShare: this.#others,
      missing: Math.max(0, this.#expected - events),
      surplus: Math.max(0, events - this.#expected),
      disordered,
      lost,
      faults: await this.load.call('faults'),
    }
  }

  #profile(name: string | undefined): string | undefined {
    const { profiles, scenario } = this.#options
    if (profiles === undefined || name === undefined) return undefined
    mkdirSync(profiles, { recursive: true })
    return join(profiles, `${scenario}-${name}-${basename(this.peer)}.cpuprofile`)
  }
}

/** Time that all processors of the machine have worked, in microseconds. */
function busyTime(): number {
  return cpus().reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + 1000 * (user + nice + sys + irq),
    0,
  )
}
