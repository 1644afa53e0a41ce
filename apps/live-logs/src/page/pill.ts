import { byId, setText } from './dom.ts'
import { formatLines } from './words.ts'

/** What the pill over the list may have to offer. */
export interface PillState {
  readonly paused: boolean
  /** Lines that came since the pause began. */
  readonly held: number
  readonly following: boolean
  /** Lines below what is in view that were not there when the person scrolled away. */
  readonly newBelow: number
}

/** A button over the list: what is new, and how to get there. */
export function setUpPill(onPress: () => void): { show(state: PillState): void } {
  const pill = byId('pill', HTMLButtonElement)
  pill.addEventListener('click', onPress)
  return {
    show(state) {
      const text = pillText(state)
      pill.hidden = text === undefined
      pill.classList.toggle('paused', state.paused)
      if (text !== undefined) setText(pill, text)
    },
  }
}

export function pillText({ paused, held, following, newBelow }: PillState): string | undefined {
  if (paused) return held === 0 ? 'Paused' : `Paused · ${newLines(held)} · Resume`
  if (following) return undefined
  return newBelow === 0 ? '↓ Jump to latest' : `↓ Jump to latest · ${newLines(newBelow)}`
}

function newLines(count: number): string {
  return formatLines(count).replace(' ', ' new ')
}
