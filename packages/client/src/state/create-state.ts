import type { Topic } from '@millrace/contract'
import { MillraceError } from '@millrace/protocol'
import { asyncDispose } from '../async-dispose.ts'
import { createBackoff } from '../backoff.ts'
import { systemClock, systemRandom } from '../clock.ts'
import type { SubscribeOptions } from '../event-client.ts'
import { EventDataError } from '../event-data-error.ts'
import type { Delivered } from '../handler-error.ts'
import { requireArgument } from '../require-argument.ts'
import { isReset, resetName } from '../reset.ts'
import { ResetError } from '../reset-error.ts'
import { isSnapshot, snapshotName } from '../snapshot.ts'
import { closedError } from '../subscriber.ts'
import type { Subscription } from '../subscription.ts'
import { createStateBoard } from './state-board.ts'
import type { StateReducers } from './state-reducers.ts'
import type { HandedOver, StateClient, StateOptions, StateStatus, TopicState } from './topic-state.ts'

/** How long a state must have been live for the waits between requests for fresh ones to start afresh, in milliseconds. */
const healthyAfter = 5_000

interface Initial<State> {
  readonly state: State
  readonly id?: string | undefined
}

// A state that cannot be read any more, of a page from yesterday, is asked for anew.
function readInitial<State>(
  { address, channel, params }: Topic,
  given: object | undefined,
  snapshot: ((data: unknown, snapshot: Delivered) => State) | undefined,
): Initial<State> | undefined {
  if (!given || !('wire' in given)) return given as Initial<State> | undefined
  const { wire, version = 1, id } = given as HandedOver<Topic>
  try {
    const data = channel.snapshot?.decode(wire, version)
    const state = snapshot?.(data, { name: snapshotName, data, params, topic: address, id })
    return state === undefined ? undefined : { state, id }
  } catch {
    return undefined
  }
}

type Fold<State> = (state: State, event: Delivered) => State

/**
 * Keeps the state of a topic: `state(client, shop.carts({ cartId }), { snapshot: (data) => data, changed: (state, { data }) => … })`. It is
 * never `live` on stale data: when the link is lost it is `stale` until everything has come that was missed; when its subscription could not go on,
 * when an event cannot be read or a reducer throws, it asks for a fresh state, later each time.
 *
 * `subscribe` and `view` fit React: `useSyncExternalStore(cart.subscribe, () => cart.view)`.
 *
 * @throws TypeError for arguments that cannot be, and when the client is closed
 */
export function createState<T extends Topic, State>(
  client: StateClient,
  topic: T,
  reducers: StateReducers<T, State>,
  options: StateOptions<T, State> = {},
): TopicState<State> {
  const { signal, clock = systemClock, random = systemRandom } = options
  // What is delivered is of the channel's types; that the reducers fit those is what the type tests are for.
  const { snapshot, ...folds } = reducers as Readonly<Record<string, Fold<State>>> & {
    readonly snapshot?: (data: unknown, snapshot: Delivered) => State
  }
  const initial = readInitial<State>(topic, options.initial, snapshot)
  requireArgument(snapshot || initial, 'state needs a snapshot reducer, or an initial state to fold upon')
  const names = [...Object.keys(folds), resetName, ...(snapshot ? [snapshotName] : [])]
  const fresh = snapshot ? 'now' : 'earliest'
  const backoff = createBackoff({}, random)
  const board = createStateBoard<State>({ value: initial?.state, status: 'loading', error: undefined })

  let draft = initial?.state as State
  // Whether the draft is the state of some moment: not while nothing or only a part of a history is known.
  let whole = initial?.id !== undefined
  // Whether everything has come that there was when the stream was opened, and that stream is open.
  let current = false
  let liveSince: number | undefined
  let error: unknown
  let over: 'ended' | 'failed' | undefined
  let subscription: Subscription | undefined
  let cancel: (() => void) | undefined

  let resolve = () => {}
  let reject: (error: unknown) => void = resolve
  const ready = new Promise<void>((...settle) => {
    ;[resolve, reject] = settle
  })
  ready.catch(() => {})

  function show(): void {
    const isLive = !over && whole && current
    if (isLive) {
      liveSince ??= clock.now()
      error = undefined
      resolve()
    }
    const status: StateStatus = over ?? (isLive ? 'live' : liveSince === undefined ? 'loading' : 'stale')
    board.show({ value: whole ? draft : board.view.value, status, error })
  }

  function begin(from: string): void {
    const before = subscription
    const isMine = () => subscription === mine
    const mine: Subscription = (client.subscribe as (...given: unknown[]) => Subscription)(
      topic,
      names,
      (event: Delivered) => {
        if (isMine()) take(event)
      },
      {
        from,
        invalid: 'end',
        '~watch': {
          turn(isCurrent: boolean) {
            if (isMine()) turn(isCurrent)
          },
          finish(fault: unknown, keeps: boolean) {
            if (isMine()) finish(fault, keeps)
            return true
          },
        },
      } satisfies SubscribeOptions,
    )
    subscription = mine
    before?.close()
  }

  function take(event: Delivered): void {
    try {
      if (isSnapshot(event)) {
        draft = (snapshot as NonNullable<typeof snapshot>)(event.data, event)
        whole = true
        stopHealing()
      } else if (cancel || (snapshot && !whole)) {
        // There is nothing that it could change.
        return
      } else if (isReset(event)) {
        heal(new ResetError(event))
        return
      } else {
        draft = (folds[event.name] as Fold<State>)(draft, event)
      }
    } catch (thrown) {
      heal(thrown)
      // Its place to be told is the client's `onError`.
      throw thrown
    }
    if (whole) show()
  }

  function turn(isCurrent: boolean): void {
    current = isCurrent
    if (isCurrent && !cancel && !whole) {
      if (snapshot)
        heal(new MillraceError('NoStateError', 'no-state', `The server told no state of ${topic.address}`))
      else whole = true
    }
    show()
  }

  // Asks for a fresh state. The subscription that there is goes on meanwhile, for one may come by itself.
  function heal(reason: unknown): void {
    // A reducer may have closed it before it failed, and a stream that was asked for before its topic ended may come after that.
    if (over) return
    error = reason
    whole = false
    if (liveSince !== undefined && clock.now() - liveSince >= healthyAfter) backoff.reset()
    stopHealing()
    cancel = clock.after(
      backoff.next(),
      () => {
        cancel = undefined
        current = false
        draft = initial?.state as State
        try {
          begin(fresh)
        } catch (thrown) {
          end('failed', thrown)
        }
      },
      true,
    )
    show()
  }

  function stopHealing(): void {
    cancel?.()
    cancel = undefined
  }

  function finish(fault: unknown, keeps: boolean): void {
    if (snapshot && EventDataError.isInstance(fault)) heal(fault)
    else if (fault) end('failed', fault)
    else if (keeps) end('ended')
    else close()
  }

  function end(how: 'ended' | 'failed', fault?: unknown): void {
    stopHealing()
    signal?.removeEventListener('abort', close)
    over = how
    error = fault
    if (fault) reject(fault)
    else resolve()
    show()
  }

  function close(): void {
    if (over) return
    reject(closedError(topic.address, signal?.reason))
    end('ended')
    subscription?.close()
  }

  if (signal?.aborted) close()
  else {
    signal?.addEventListener('abort', close)
    begin(initial?.id ?? fresh)
  }
  return {
    get view() {
      return board.view
    },
    get value() {
      return board.view.value
    },
    get status() {
      return board.view.status
    },
    get error() {
      return board.view.error
    },
    subscribe: board.subscribe,
    ready,
    close,
    [asyncDispose]: async () => close(),
  }
}
