import type { Act } from './scenario.ts'
import type { Visitor } from './visitor.ts'
import type { World } from './world.ts'

/** Where the acts of a scenario are done. */
export class Stage {
  /** By how much the clock of the client's computer is wrong, in milliseconds. */
  jumped = 0
  readonly #world: World
  readonly #visitor: () => Visitor
  #restarting = false

  constructor(world: World, visitor: () => Visitor) {
    this.#world = world
    this.#visitor = visitor
  }

  perform(act: Act): void {
    const { backend, page, time, chronicle } = this.#world
    const { audience, links, closing } = this.#visitor()
    chronicle.log(() => `does: ${JSON.stringify(act)}`)
    switch (act.do) {
      case 'subscribe':
        if (closing === undefined) audience.subscribe(act)
        return
      case 'unsubscribe':
        audience.unsubscribe(act.which, act.how)
        return
      case 'publish':
        backend.publish(act.topic, act.count)
        return
      case 'publish bad':
        backend.publishBad(act.topic, act.kind)
        return
      case 'end topic':
        backend.endTopic(act.topic)
        return
      case 'trim':
        backend.trim(act.keep)
        return
      case 'new life':
        backend.newLife()
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
          if (!this.#world.calm) backend.start(act.epoch, act.keep)
        })
        return
      case 'offline':
        page.online = false
        for (const link of links) link.cut(act.how)
        page.tell('offline')
        time.after(act.for, 'client', () => page.goOnline())
        return
      case 'hide':
        page.hidden = true
        page.tell('visibilitychange')
        time.after(act.for, 'client', () => page.show())
        return
      case 'close':
        this.#visitor().close()
        return
    }
  }

  /** Puts right what the acts have left wrong. */
  tidy(): void {
    const { backend, page } = this.#world
    backend.calm = true
    if (backend.server?.ready !== true) backend.start(false, -1)
    page.goOnline()
    page.show()
    this.#visitor().audience.release()
  }
}
