/** A fault that is put into the client, or the server behind it, to see whether the simulation notices. */
export interface Mutation {
  readonly name: string
  /** From the client's sources on. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
}

export const mutations: readonly Mutation[] = [
  {
    name: 'who is in a new life already is not told what was trimmed there',
    file: '../../protocol/src/place.ts',
    find: "if (verdict === 'epoch' || verdict === 'trimmed') return known.offset < goesOnAt.offset",
    replace:
      "if (verdict === 'epoch') return false\n  if (verdict === 'trimmed') return known.offset < goesOnAt.offset",
  },
  {
    name: 'the position moves on before the handler has returned',
    file: 'event-stream.ts',
    find: 'const handling = router.handle(item)',
    replace: 'const handling = router.handle(item); router.moveTo(item.lastEventId)',
  },
  {
    name: 'a promise of a handler is not awaited',
    file: 'event-stream.ts',
    find: 'if (handling)\n',
    replace: 'if (handling && this.failure)\n',
  },
  {
    name: 'what was seen before the hand-over is delivered again',
    file: 'router.ts',
    find: 'if (names?.has(message.event) === false || !isNewTo(place, position)) continue',
    replace: 'if (names?.has(message.event) === false) continue',
  },
  {
    name: 'resets are not told',
    file: 'router.ts',
    find: 'return Promise.resolve(telling).then(() => this.#tellResets(lastEventId))',
    replace:
      'this.#resets.clear()\n      return Promise.resolve(telling).then(() => this.#tellResets(lastEventId))',
  },
  {
    name: 'a reset leaves the place where it was',
    file: 'router.ts',
    find: ': (begins ?? place)',
    replace: ': place',
  },
  {
    name: 'a reset is told to those too whom it does not concern',
    file: 'router.ts',
    find: 'isCutOff(verdict, place, begins, goesOnAt)',
    replace: 'place !== undefined',
  },
  {
    name: 'nobody is given the place that `now` was',
    file: 'router.ts',
    find: "subscriber.place = waits ? nowhere : (this.#now ?? 'now')",
    replace: "subscriber.place = waits ? nowhere : 'now'",
  },
  {
    name: '`now` is taken for the stream’s first id',
    file: 'router.ts',
    find: 'this.#head = parseCursor(now ?? id)',
    replace: 'this.#head = parseCursor(id)',
  },
  {
    name: 'a late subscription joins a stream that is not up to date',
    file: 'router.ts',
    find: "subscriber.place !== 'now' || !now || position.offset < now.offset)",
    replace: "subscriber.place !== 'now' || !position)",
  },
  {
    name: 'a subscription that is being asked for joins the old stream as well',
    file: 'connection.ts',
    find: 'router?.serves(this.#subscribers, !this.#opening)',
    replace: 'router?.serves(this.#subscribers, true)',
  },
  {
    name: 'an end of the stream loses how far it came',
    file: 'connection.ts',
    find: 'await stream.finish()\n    stream.router?.settle()',
    replace: 'await stream.finish()',
  },
  {
    name: 'the places are not written down before a new stream is asked for',
    file: 'connection.ts',
    find: 'before?.mark()\n',
    replace: '\n',
  },
  {
    name: 'the old stream is not ended at the hand-over',
    file: 'event-stream.ts',
    find: 'this.#end()\n    return this.#over',
    replace: 'return Promise.resolve()',
  },
  {
    name: 'the old stream is ended before the new one is open',
    file: 'connection.ts',
    find: 'const stream = new EventStream(plan, this.#settings)',
    replace: 'this.#current?.abort()\n    const stream = new EventStream(plan, this.#settings)',
  },
  {
    name: 'what an aborted stream still brings counts',
    file: 'event-stream.ts',
    find: 'if (this.live) return result',
    replace: 'return result',
  },
  {
    name: 'who came while a stream was opened is forgotten',
    file: 'connection.ts',
    find: 'this.#outdated = !router.serves(this.#subscribers, true)',
    replace: 'router.serves(this.#subscribers, true)\n    this.#outdated = false',
  },
  {
    name: 'an outlived stream is taken',
    file: 'connection.ts',
    find: 'if (before?.told) {',
    replace: 'if (before && !before) {',
  },
  {
    name: 'no time limit for a stream to open',
    file: 'event-stream.ts',
    find: 'clock.after(connectTimeout + (this.plan.request.poll ? pollTime : 0), () =>',
    replace: 'clock.after(connectTimeout * 1e6, () =>',
  },
  {
    name: 'silence is not noticed',
    file: 'event-stream.ts',
    find: 'createWatchdog(clock, open.heartbeat, () =>',
    replace: 'createWatchdog(clock, open.heartbeat * 1e6, () =>',
  },
  {
    name: 'the timer for silence is not stopped',
    file: 'event-stream.ts',
    find: 'unwatch?.()',
    replace: '',
  },
  {
    name: 'an aborted request is not told',
    file: 'event-stream.ts',
    find: 'this.#controller.abort()\n',
    replace: '\n',
  },
  {
    name: 'the body of a refusal is kept',
    file: 'response.ts',
    find: 'response.body?.cancel().catch(() => {})',
    replace: '',
  },
  {
    name: 'the end of the body is the end of all',
    file: 'event-stream.ts',
    find: "throw new ConnectionError('ended', 'The server ended the stream')",
    replace: "throw new ConnectionError('ended', 'The server ended the stream', { final: true })",
  },
  {
    name: '401 is final at once',
    file: 'connection.ts',
    find: "status === 401 ? typeof headers === 'function' :",
    replace: 'status === 401 ? false :',
  },
  {
    name: '503 is final',
    file: 'response.ts',
    find: '/^(204|4(?!08|25|29))/.test',
    replace: '/^(204|503|4(?!08|25|29))/.test',
  },
  {
    name: 'a page in place of a stream is final',
    file: 'response.ts',
    find: 'final: /^(204',
    replace: 'final: open || /^(204',
  },
  {
    name: 'no wait between attempts',
    file: 'backoff.ts',
    find: 'return retryAfter + Math.max(floor, random() * most)',
    replace: 'return most * 0',
  },
  {
    name: 'the wait is not ended by close()',
    file: 'connection.ts',
    find: 'this.#current?.abort()\n    this.#wake()',
    replace: 'this.#current?.abort()',
  },
  {
    name: 'close() waits for handlers',
    file: 'event-stream.ts',
    find: 'this.#release?.()',
    replace: '',
  },
  {
    name: 'the signal of a subscription is listened to for ever',
    file: 'subscriber.ts',
    find: "signal?.removeEventListener('abort', close)",
    replace: '',
  },
  {
    name: 'a closed subscription is given what has arrived',
    file: 'subscriber.ts',
    find: 'if (over) return undefined\n',
    replace: '\n',
  },
  {
    name: 'the end of a topic ends nobody',
    file: 'router.ts',
    find: 'this.#complete(subscriber)\n      // That',
    replace: '// That',
  },
  {
    name: 'a refusal of one ends all',
    file: 'connection.ts',
    find: 'const named = asked.filter(({ address }) => topics.includes(address))',
    replace: 'const named = asked.filter(() => true)',
  },
  {
    name: 'a thrown error of a handler ends the stream',
    file: 'subscriber.ts',
    find: '} catch (cause) {\n        report(new HandlerError(event, cause))',
    replace: '} catch (cause) {\n        throw cause',
  },
  {
    name: 'a reset leads back to where another topic stands',
    file: 'router.ts',
    find: "const { at = id, topic = '' } = message.fields",
    replace: "const at = id\n        const { topic = '' } = message.fields",
  },
  {
    name: 'who begins at the oldest record is told of a new epoch',
    file: 'router.ts',
    find: "(typeof place === 'object' || verdict === 'epoch')",
    replace: "typeof place === 'object'",
  },
  {
    name: 'a state is told to others where who it was for has left',
    file: 'router.ts',
    find: 'certain || sure[0] ? sure : all',
    replace: 'sure[0] ? sure : all',
  },
  {
    name: 'who has read the log beyond the feed does not compare',
    file: '../../server/src/session/session.ts',
    find: 'this.#ahead = this.#position\n',
    replace: '\n',
  },
  {
    name: 'that something else comes than what was to come again is not noticed',
    file: 'router.ts',
    find: "if (isCutOff('ahead', again, next))",
    replace: 'if (!next)',
  },
  {
    name: 'who comes while resets are told joins the stream',
    file: 'router.ts',
    find: 'this.#position = undefined\n    await Promise.all(',
    replace: 'await Promise.all(',
  },
  {
    name: 'the wait for the next attempt begins with nobody left',
    file: 'connection.ts',
    find: 'if ((cause || this.#rests) && this.#subscribers.size > 0) await',
    replace: 'if (cause || this.#rests) await',
  },
  {
    name: 'an answer that comes as it is given up is kept',
    file: 'event-stream.ts',
    find: 'answer.then(cancelBody, () => {})\n',
    replace: '',
  },
  {
    name: '`earliest` is asked for again although there is a place',
    file: '../../protocol/src/place.ts',
    find: "if (typeof place === 'string') return position",
    replace: "if (place === 'earliest') return place\n  if (typeof place === 'string') return position",
  },
  {
    name: '`Retry-After` is not heard',
    file: 'retry-after.ts',
    find: 'milliseconds > 0 ?',
    replace: 'milliseconds < 0 ?',
  },
  {
    name: 'the end of a topic is compared with places of another life',
    file: '../../server/src/session/session.ts',
    find: 'if (this.#considered.epoch !== this.options.feed.position.epoch) return\n',
    replace: '',
  },
  {
    name: 'a state leads back behind what the stream before has brought',
    file: 'router.ts',
    find: "this.#trimmed = verdict === 'trimmed'",
    replace: 'this.#trimmed = false',
  },
  {
    name: 'that no state will come is not heard',
    file: 'router.ts',
    find: 'if (!this.#position) this.#goOn(item.lastEventId, this.#next)',
    replace: '',
  },
  {
    name: 'a state in place of a reset leaves the place where it was',
    file: 'router.ts',
    find: '          subscriber.place = position\n        })',
    replace: '        })',
  },
  {
    name: 'a page that is put aside keeps its stream',
    file: 'connection.ts',
    find: 'this.#opening?.abort()\n      this.#current?.finish()',
    replace: '',
  },
  {
    name: 'who rests does not come back',
    file: 'connection.ts',
    find: '} else if (this.#mayHurry) this.#wake()',
    replace: '}',
  },
  {
    name: 'the open stream is ended by reconnect()',
    file: 'connection.ts',
    find: 'this.#settings.backoff.reset()\n    this.#outdated = true',
    replace: 'this.#current?.abort()\n    this.#outdated = true',
  },
  {
    name: 'a state of before the log lost something is shared',
    file: '../../server/src/publish/snapshots.ts',
    find: ' && flying.history === history',
    replace: '',
  },
  {
    name: 'topics beyond what the log has lost go on',
    file: '../../server/src/session/session.ts',
    find: 'if (doubted && this.#loseBeyond(page, behind)) return true\n',
    replace: '',
  },
]
