import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { EventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'

/** An address at which one event server after the other answers, over real sockets that can be cut. */
export class System {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #make: () => EventServer
  events: EventServer

  private constructor(server: Server, make: () => EventServer) {
    this.#server = server
    this.#make = make
    this.events = make()
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    // Whichever is there now.
    server.on('request', (request, response) => toNodeListener(this.events)(request, response))
  }

  static async start(make: () => EventServer): Promise<System> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new System(server, make)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Puts a new server in the place of the one that is there, which says good-bye. */
  async restart(): Promise<void> {
    const { events } = this
    this.events = this.#make()
    await events.close({ drain: 0 })
  }

  async stop(): Promise<void> {
    await this.events.close({ drain: 0 })
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
