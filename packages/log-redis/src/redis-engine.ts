import { type LogPage, randomEpoch } from '@millrace/log'
import type { AppendedRecord, Engine, EngineWatcher } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { problemWith } from './errors.ts'
import { isNoScript, Link } from './link.ts'
import { awaitNews } from './news.ts'
import type { Settings } from './options.ts'
import { recordOf, valuesOf } from './record.ts'
import { appendScript, readScript, renewScript, restartScript, type Script, trimScript } from './scripts.ts'
import { checkSettings } from './settings-check.ts'

/** About how much data a page has at most, in bytes. */
const pageBytes = 1_048_576

type Page = readonly [
  epoch: string,
  first: string,
  head: string,
  headTag: string,
  afterTag: string,
  entries: readonly unknown[],
]

/** A log in three keys: what is known of it, a stream whose ids are the offsets, and the places of idempotency keys. */
export class RedisEngine implements Engine {
  readonly #settings: Settings
  readonly #keys: readonly [meta: string, records: string, keys: string]
  readonly #commands: Link
  readonly #links = new Set<Link>()
  readonly #warned = new Set<string>()

  constructor(settings: Settings) {
    this.#settings = settings
    this.#keys = [`{${settings.name}}:meta`, `{${settings.name}}:records`, `{${settings.name}}:keys`]
    this.#commands = this.#link()
  }

  async append(records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    const { maxRecords, replicas } = this.#settings
    const values = records.flatMap(valuesOf)
    const [epoch, places] = (await this.#script(appendScript, [
      records[0]?.tag ?? '',
      `${maxRecords}`,
      this.#age(),
      ...values,
    ])) as readonly [string, readonly string[]]
    if (replicas > 0) await this.#untilReplicated(replicas)
    return places.map((place) => {
      const [offset, tag = ''] = place.split('.')
      return { epoch, offset: Number(offset), tag }
    })
  }

  async read(after: number, limit: number): Promise<LogPage> {
    const answer = await this.#script(readScript, [`${after}`, `${limit}`, `${pageBytes}`])
    const [epoch, first, head, headTag, afterTag, entries] = answer as Page
    return {
      epoch,
      first: Number(first),
      head: Number(head),
      headTag: headTag || undefined,
      afterTag: afterTag || undefined,
      records: entries.map(recordOf),
    }
  }

  async renew({ epoch, offset, tag = '' }: Position): Promise<boolean> {
    return (await this.#script(renewScript, [epoch, `${offset}`, tag])) === 1
  }

  watch(watcher: EngineWatcher): () => void {
    const link = this.#link()
    const stop = awaitNews(link, this.#keys[1], watcher)
    return () => {
      stop()
      link.close()
      this.#links.delete(link)
    }
  }

  /** Forgets what lies below an offset. */
  async trim(keepFrom: number): Promise<void> {
    await this.#script(trimScript, [`${keepFrom}`])
  }

  /** Forgets what is too much by now. */
  async sweep(): Promise<void> {
    await this.#script(trimScript, ['-', `${this.#settings.maxRecords}`, this.#age()])
  }

  /** Forgets everything and begins a new epoch. */
  async restart(): Promise<void> {
    await this.#script(restartScript, [])
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.close()
  }

  #age(): string {
    const { maxAge } = this.#settings
    return Number.isFinite(maxAge) ? `${maxAge}` : '0'
  }

  // Every script may find that the log begins anew, and is given the epoch for that.
  async #script({ text, hash }: Script, values: readonly string[]): Promise<unknown> {
    const rest = ['3', ...this.#keys, randomEpoch(), ...values]
    try {
      return await this.#commands.run(['EVALSHA', hash, ...rest])
    } catch (error) {
      if (!isNoScript(error)) throw error
      return this.#commands.run(['EVAL', text, ...rest])
    }
  }

  async #untilReplicated(replicas: number): Promise<void> {
    // Less than what a client may wait for an answer by itself.
    const time = Math.round(this.#settings.timeout / 2)
    const reached = await this.#commands.run(['WAIT', `${replicas}`, `${time}`])
    if (Number(reached) < replicas) {
      throw problemWith(
        'timeout',
        `${reached} of ${replicas} replicas had the events within ${time} ms. The master has them; give keys, and a repeat appends nothing twice`,
      )
    }
  }

  #link(): Link {
    const { connect, timeout, eviction } = this.#settings
    const link = new Link({
      connect,
      timeout,
      prepare: async (run) => {
        // Asked of each connection: a failover may lead to one that is set up otherwise.
        await checkSettings(run, { eviction, onWarning: (message) => this.#warn(message) })
      },
    })
    this.#links.add(link)
    return link
  }

  #warn(message: string): void {
    if (this.#warned.has(message)) return
    this.#warned.add(message)
    this.#settings.onWarning(message)
  }
}
