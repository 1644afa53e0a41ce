import { expectTypeOf, it } from 'vitest'
import { type ConnectionError, EventSource, type EventSourceErrorEvent } from './eventsource.ts'

it('can stand wherever the DOM asks for its own', () => {
  globalThis.EventSource = EventSource
  const source: globalThis.EventSource = new EventSource('/events', { withCredentials: true })
  source.onmessage = (event) => expectTypeOf(event).toEqualTypeOf<MessageEvent>()
})

it('takes handlers that were written for the DOM', () => {
  const source = new EventSource(new URL('https://example.test/'))
  function onMessage(this: globalThis.EventSource, event: MessageEvent<string>): void {
    this.dispatchEvent(new Event(event.data))
  }
  source.onmessage = onMessage
  source.onerror = (event: Event) => event.preventDefault()
  source.addEventListener('placed', onMessage, { once: true })
  source.removeEventListener('placed', onMessage)
  const object: EventListenerObject = { handleEvent: (event) => event.preventDefault() }
  source.addEventListener('message', object)
  source.addEventListener('message', null)
})

it('tells what each event is', () => {
  const source = new EventSource('/events', { headers: async () => ({ authorization: 'Bearer 1' }) })
  source.onopen = (event) => expectTypeOf(event).toEqualTypeOf<Event>()
  source.onerror = (event) => {
    expectTypeOf(event).toEqualTypeOf<EventSourceErrorEvent>()
    expectTypeOf(event.error).toEqualTypeOf<ConnectionError | undefined>()
  }
  source.addEventListener('open', (event) => expectTypeOf(event).toEqualTypeOf<Event>())
  source.addEventListener('error', (event) => expectTypeOf(event).toEqualTypeOf<EventSourceErrorEvent>())
  source.addEventListener('placed', (event) => expectTypeOf(event).toEqualTypeOf<MessageEvent>())
  source.addEventListener('placed', function () {
    expectTypeOf(this).toEqualTypeOf<EventSource>()
  })
  expectTypeOf(source.readyState).toEqualTypeOf<number>()
  expectTypeOf(EventSource.CLOSED).toEqualTypeOf<2>()
})

it('can be extended', () => {
  class Named extends EventSource {
    readonly name = 'named'
  }
  expectTypeOf(new Named('/events').readyState).toEqualTypeOf<number>()
})

it('refuses what is no option', () => {
  // @ts-expect-error `header` is none
  new EventSource('/events', { header: {} })
  // @ts-expect-error it is read only
  new EventSource('/events').url = '/others'
})
