import { setTimeout as sleep } from 'node:timers/promises'
import { LogEngineError } from '@millrace/log/engine'
import { Connection } from '@platformatic/kafka'
import { answerOf, isPassing, problemWith, translate } from './errors.ts'
import { readMetadata, type TopicMetadata } from './metadata.ts'
import type { Address, Settings } from './options.ts'

/** How long after a failed attempt the next one is made, in milliseconds; whoever asks in between is refused at once. */
const retryDelay = 200

/** How often a topic that was just made is looked for, in milliseconds. */
const makingDelay = 20

/** A connection to the broker that leads the partition. */
export interface Leader {
  readonly connection: Connection
  /** Which topic of that name, as the cluster numbers them: another one after the topic was made anew. */
  readonly topicId: string
  /** Which term of leading this is: the broker refuses what is asked of another one. */
  readonly leaderEpoch: number
}

/** Where the partition is led from. */
interface Place extends Omit<Leader, 'connection'> {
  readonly address: Address
  /** Where all are that have a copy of it. */
  readonly replicas: readonly Address[]
}

interface LinkOptions {
  readonly settings: Settings
  /** How much longer than `timeout` an answer may take, in milliseconds. */
  readonly patience: number
  /** Makes the topic where there is none. */
  readonly make: (connection: Connection) => Promise<void>
  /** Called with each new leader, before anything else is asked of it. */
  readonly prepare: (leader: Leader) => Promise<void>
}

/**
 * One connection to the partition's leader, and the next one where that has failed or leads no more. Nothing is kept for later and
 * nothing is tried twice: whether a request whose connection broke was carried out is for others to find out.
 */
export class Link {
  readonly #options: LinkOptions
  /** Why connections were given up that work, for all who were on them. */
  readonly #misfits = new WeakMap<Connection, LogEngineError>()
  #opening: Promise<Leader> | undefined
  #refusal: { readonly error: unknown; readonly until: number } | undefined
  #learnt: readonly Address[] = []
  #next = 0
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** @throws LogEngineError */
  async run<Value>(ask: (leader: Leader) => Promise<Value>): Promise<Value> {
    const leader = await this.#open()
    try {
      return await ask(leader)
    } catch (error) {
      // An answer is one, also when it says no.
      if (answerOf(error) === undefined || isPassing(error)) this.#giveUp(leader.connection)
      throw translate(this.#misfits.get(leader.connection) ?? error)
    }
  }

  /** Looks whether the topic is still split as it was. @throws LogEngineError */
  async confirm(): Promise<void> {
    await this.run(async ({ connection }) => {
      try {
        await readMetadata(connection, this.#options.settings)
      } catch (error) {
        if (LogEngineError.isInstance(error)) this.#misfits.set(connection, error)
        throw error
      }
    })
  }

  close(): void {
    this.#closed = true
    const opening = this.#opening
    this.#opening = undefined
    opening?.then(({ connection }) => end(connection)).catch(() => {})
  }

  #open(): Promise<Leader> {
    if (this.#closed) return Promise.reject(problemWith('unavailable', 'the connection was closed'))
    if (this.#opening) return this.#opening
    if (this.#refusal && performance.now() < this.#refusal.until) return Promise.reject(this.#refusal.error)
    const opening = this.#find().catch((error: unknown) => {
      if (this.#opening === opening) this.#opening = undefined
      const refusal = translate(error)
      this.#refusal = { error: refusal, until: performance.now() + retryDelay }
      throw refusal
    })
    this.#opening = opening
    void opening.then(
      ({ connection }) => {
        if (this.#closed) end(connection)
      },
      () => {},
    )
    return opening
  }

  // From any broker to the one that leads. What another one was needed for is closed.
  async #find(): Promise<Leader> {
    const { prepare } = this.#options
    let connection = await this.#connectToAny()
    try {
      const { address, replicas, ...place } = await this.#ask(connection)
      this.#learnt = replicas
      if (address.host !== connection.host || address.port !== connection.port) {
        end(connection)
        connection = await this.#connect(address)
      }
      const leading = connection
      leading.on('error', () => this.#giveUp(leading))
      leading.on('close', () => this.#giveUp(leading))
      const leader = { connection: leading, ...place }
      await prepare(leader)
      return leader
    } catch (error) {
      end(connection)
      // Who has not heard yet of another leader may go on naming one that is dead.
      this.#next += 1
      throw error
    }
  }

  async #ask(connection: Connection): Promise<Place> {
    const { settings, make } = this.#options
    const deadline = performance.now() + settings.timeout
    let made = false
    for (;;) {
      try {
        return leaderOf(await readMetadata(connection, settings))
      } catch (error) {
        if (answerOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION' && !made) {
          await make(connection)
          made = true
        } else if (!made || performance.now() > deadline) throw error
        // It takes the brokers a moment to hear of a new topic, and to agree on who leads it.
        else await sleep(makingDelay)
      }
    }
  }

  async #connectToAny(): Promise<Connection> {
    const brokers = this.#brokers()
    for (let attempt = 1; ; attempt += 1) {
      const address = brokers[this.#next % brokers.length] as Address
      try {
        return await this.#connect(address)
      } catch (error) {
        // The next time another one is asked first.
        this.#next += 1
        if (attempt >= brokers.length) throw error
      }
    }
  }

  // All that are named may be gone, and others still have the topic.
  #brokers(): readonly Address[] {
    const { brokers } = this.#options.settings
    const isNamed = ({ host, port }: Address) =>
      brokers.some((broker) => broker.host === host && broker.port === port)
    return [...brokers, ...this.#learnt.filter((address) => !isNamed(address))]
  }

  async #connect({ host, port }: Address): Promise<Connection> {
    const { settings, patience } = this.#options
    const connection = new Connection(settings.clientId, {
      ...settings.connection,
      requestTimeout: settings.timeout + patience,
    })
    // Whoever waits is told; as an event without a listener it would end the process.
    connection.on('error', () => {})
    await connection.connect(host, port)
    return connection
  }

  #giveUp(connection: Connection): void {
    const opening = this.#opening
    void opening?.then(
      (current) => {
        if (current.connection === connection && this.#opening === opening) this.#opening = undefined
      },
      () => {},
    )
    end(connection)
  }
}

function end(connection: Connection): void {
  void connection.close().catch(() => {})
}

function leaderOf({ topicId, partition, brokers }: TopicMetadata): Place {
  const { leaderId, leaderEpoch = -1, replicaNodes = [] } = partition ?? {}
  const leader = brokers.find(({ nodeId }) => nodeId === leaderId)
  if (leader === undefined) {
    throw problemWith('unavailable', 'the topic has no leader. The log goes on when it has')
  }
  const addressOf = ({ host, port }: Address) => ({ host, port })
  return {
    topicId,
    leaderEpoch,
    address: addressOf(leader),
    replicas: brokers.filter(({ nodeId }) => replicaNodes.includes(nodeId)).map(addressOf),
  }
}
