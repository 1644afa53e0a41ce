import { byId, make } from './dom.ts'

/** Why no line is in view, if none is. */
export type Emptiness = 'filtered' | 'waiting' | 'disconnected' | undefined

/** Says in the middle of an empty list what it waits for, and what one could do. */
export function setUpEmptyState(onClear: () => void): {
  show(why: Emptiness, file: string | undefined): void
} {
  const place = byId('empty', HTMLDivElement)
  const clear = make('button', 'button', 'Show all lines')
  clear.type = 'button'
  clear.addEventListener('click', onClear)
  let shown = ''

  return {
    show(why, file) {
      const now = `${why} ${file}`
      if (now === shown) return
      shown = now
      place.hidden = why === undefined
      if (why === 'filtered') {
        place.replaceChildren(make('h2', '', 'No line fits'), make('p', '', 'Other lines are hidden.'), clear)
      } else if (why === 'disconnected') {
        const help = 'The page goes on by itself as soon as the server answers.'
        place.replaceChildren(make('h2', '', 'No connection'), make('p', '', help))
      } else if (why === 'waiting') {
        const help = make('p', '', 'Whatever is written to the followed files shows here at once. Try it:')
        const command = make('code', '', `echo 'hello' >> ${shellWord(file ?? 'app.log')}`)
        place.replaceChildren(make('h2', '', 'Waiting for lines…'), help, make('p', '', command))
      }
    },
  }
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
