import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'

/** A network before an engine, which cuts connections off. */
export interface CuttingProxy {
  /** Where it listens. */
  readonly port: number
  /** How many connections there are through it. */
  readonly connections: number
  /** How many it has cut so far. */
  readonly cuts: number
  /** Cuts all connections that there are. */
  cut(): void
  /** Cuts each connection after a random number of bytes, in the middle of whatever they are, or after a random time, until what it returns is called. */
  cutAtRandom(): () => void
  /** Keeps back whatever is sent, in both directions, until what it returns is called. */
  hold(): () => void
  close(): void
}

/** The most bytes that a connection carries in both directions, and the longest that it lasts in milliseconds, while it is cut at random. */
const mostBytes = 60_000
const longestTime = 400

/** Puts a proxy of a test's own before a port. */
export async function cuttingProxy(port: number): Promise<CuttingProxy> {
  const links = new Set<Link>()
  let cuts = 0
  let isCutting = false
  let isHolding = false

  const server = createServer((socket) => {
    const link = new Link(socket, createConnection(port, '127.0.0.1'), () => {
      cuts += 1
    })
    links.add(link)
    socket.on('close', () => links.delete(link))
    if (isCutting) link.cutAtRandom()
    if (isHolding) link.hold()
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return links.size
    },
    get cuts() {
      return cuts
    },
    cut() {
      for (const link of links) link.cut()
    },
    cutAtRandom() {
      isCutting = true
      for (const link of links) link.cutAtRandom()
      return () => {
        isCutting = false
        for (const link of links) link.spare()
      }
    },
    hold() {
      isHolding = true
      for (const link of links) link.hold()
      return () => {
        isHolding = false
        for (const link of links) link.release()
      }
    },
    close() {
      server.close()
      for (const link of links) link.cut()
    },
  }
}

/** A connection of a client, and the one to the engine that belongs to it. */
class Link {
  readonly #ends: readonly [Socket, Socket]
  readonly #onCut: () => void
  #bytesLeft = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #isHeld = false

  constructor(client: Socket, engine: Socket, onCut: () => void) {
    this.#ends = [client, engine]
    this.#onCut = onCut
    this.#carry(client, engine)
    this.#carry(engine, client)
  }

  cut(): void {
    if (this.#ends[0].destroyed) return
    this.#onCut()
    this.#end()
  }

  cutAtRandom(): void {
    this.#bytesLeft = Math.floor(Math.random() * mostBytes)
    this.#timer = setTimeout(() => this.cut(), Math.random() * longestTime)
  }

  spare(): void {
    this.#bytesLeft = Number.POSITIVE_INFINITY
    clearTimeout(this.#timer)
  }

  hold(): void {
    this.#isHeld = true
    for (const end of this.#ends) end.pause()
  }

  release(): void {
    this.#isHeld = false
    for (const end of this.#ends) end.resume()
  }

  #carry(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (bytes.length >= this.#bytesLeft) {
        const part = bytes.subarray(0, this.#bytesLeft)
        this.#bytesLeft = 0
        // What was cut off in its middle arrives first.
        to.write(part, () => this.cut())
        return
      }
      this.#bytesLeft -= bytes.length
      if (to.write(bytes)) return
      from.pause()
      to.once('drain', () => {
        if (!this.#isHeld) from.resume()
      })
    })
    from.on('error', () => {})
    from.on('close', () => this.#end())
  }

  #end(): void {
    clearTimeout(this.#timer)
    for (const end of this.#ends) end.destroy()
  }
}
