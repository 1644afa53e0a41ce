import type { Act } from './scenario.ts'
import type { Visitor } from './visitor.ts'
import type { World } from './world.ts'

/** Where the acts of a scenario are done. */
export class Stage {
  /** By how much the clock of the client's computer is wrong, in milliseconds. */
  jumped = 0
  readonly #world: World
  readonly #visitors: () => readonly Visitor[]
  #restarting = false

  readonly #reload: (index: number, killed: boolean) => void

  /** @param reload has another client take the place of one */
  constructor(
    world: World,
    visitors: () => readonly Visitor[],
    reload: (index: number, killed: boolean) => void,
  ) {
    this.#world = world
    this.#visitors = visitors
    this.#reload = reload
  }

  perform(act: Act): void {
    const { backend, page, time, chronicle } = this.#world
    const visitors = this.#visitors()
    const { clients } = this.#world.scenario.settings
    const index = ('client' in act ? act.client : 0) % clients
    const visitor = visitors[index] as Visitor
    const links = visitors.flatMap(({ links }) => links)
    chronicle.log(() => `does: ${JSON.stringify(act)}`)
    switch (act.do) {
      case 'subscribe':
        if (visitor.closing === undefined) visitor.audience.subscribe(act)
        return
      case 'unsubscribe':
        visitor.audience.unsubscribe(act.which, act.how)
        return
      case 'publish':
        backend.publish(act.topic, act.count, act.fill)
        return
      case 'publish bad':
        backend.publishBad(act.topic, act.kind)
        return
      case 'end topic':
        backend.endTopic(act.topic)
        return
      case 'trim':
        backend.trim(act.keep, act.shard)
        return
      case 'lose':
        backend.lose(act.count, act.shard)
        return
      case 'deny':
        backend.deny(act.topic, act.openToo)
        time.after(act.for, 'server', () => backend.rights.allow(act.topic))
        return
      case 'new life':
        backend.newLife(act.shard)
        return
      case 'revoke':
        backend.revoke()
        return
      case 'cut':
        for (const link of links) link.cut(act.how)
        return
      case 'jump':
        this.jumped += act.by
        return
      case 'sleep':
        time.sleep(act.for, act.frozen)
        // Nobody keeps a link for so long.
        if (act.for >= 60_000) for (const link of links) link.cut(act.frozen ? 'stall' : 'error')
        return
      case 'restart':
        if (this.#restarting || backend.server === undefined) return
        this.#restarting = true
        backend.stop(act.drain)
        if (act.drain === 0) for (const link of links) link.cut('error')
        time.after(act.down, 'server', () => {
          this.#restarting = false
          if (!this.#world.calm) backend.start(act.epoch, act.keep, act.shard)
        })
        return
      case 'offline':
        for (const link of links) link.cut(act.how)
        page.goOffline()
        time.after(act.for, 'client', () => page.goOnline())
        return
      case 'hide':
        page.hide()
        time.after(act.for, 'client', () => page.show())
        return
      case 'put aside':
        page.putAside()
        time.sleep(act.for, true)
        time.after(0, 'client', () => page.bringBack())
        return
      case 'storm':
        for (let turn = 0; turn < act.times; turn += 1) {
          if (turn % 2 === 0) page.goOffline()
          else page.hide()
          page.goOnline()
          page.show()
        }
        return
      case 'reconnect':
        visitor.client.reconnect()
        return
      case 'close':
        visitor.close()
        return
      case 'reload':
        if (visitor.closing === undefined) this.#reload(index, act.killed)
        return
      case 'follow':
        if (visitor.closing === undefined) visitor.follow()
        return
    }
  }

  /** Puts right what the acts have left wrong. */
  tidy(): void {
    const { backend, page } = this.#world
    backend.calm()
    page.goOnline()
    page.bringBack()
    for (const { audience } of this.#visitors()) audience.release()
  }
}
