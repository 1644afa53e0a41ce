import type { StateView } from './topic-state.ts'

/** The newest view of a state, and those who want to know of its changes. */
export interface StateBoard<State> {
  /** One object until something changes. */
  readonly view: StateView<State>
  /** Has it told at the end of the turn, when it is another than before. */
  show(view: StateView<State>): void
  readonly subscribe: (listener: () => void) => () => void
}

export function createStateBoard<State>(first: StateView<State>): StateBoard<State> {
  const listeners = new Set<{ readonly tell: () => void }>()
  let view = first
  let telling = false

  function tell(): void {
    telling = false
    for (const listener of [...listeners]) {
      try {
        listener.tell()
      } catch (error) {
        // The others are told all the same.
        console.error(error)
      }
    }
  }

  return {
    get view() {
      return view
    },
    show({ value, status, error }) {
      if (value === view.value && status === view.status && error === view.error) return
      view = { value, status, error }
      if (telling) return
      telling = true
      queueMicrotask(tell)
    },
    subscribe(tell) {
      const listener = { tell }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
