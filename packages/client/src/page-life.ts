import type { Settings } from './options.ts'

/** What of a page's life a client takes part in. Little of it exists in workers, and nothing in other runtimes. */
interface Page {
  readonly navigator?: { readonly onLine?: boolean }
  readonly document?: { readonly hidden: boolean }
  addEventListener?(type: string, listener: (event: Moment) => void): void
  removeEventListener?(type: string, listener: (event: Moment) => void): void
}

interface Moment {
  readonly type?: string
}

const page = globalThis as unknown as Page
// That of the document goes up to the window.
const moments = ['online', 'pagehide', 'pageshow', 'visibilitychange']

/** Who is told of a page's life. */
export interface PageWatcher {
  /** The network is back. */
  readonly online: () => void
  /** The page is to rest, or is looked at (again). */
  readonly rest: (rests: boolean) => void
}

/**
 * Tells how it is with the page, at once and at each change, and returns what ends that. It rests once it is left: with an open connection
 * a browser could not keep it to go back to, and Firefox leaves one open that began while the next page was on its way.
 *
 * @param whenHidden whether it rests while nobody sees it, too
 */
export function watchPage(
  { whenHidden }: Pick<Settings, 'whenHidden'>,
  { online, rest }: PageWatcher,
): () => void {
  let aside: boolean | undefined
  const look = ({ type = '' }: Moment) => {
    if (type === 'online') return online()
    // When it is put aside it is hidden as well, and that is told later.
    if (/^page/.test(type)) aside = type === 'pagehide'
    const hidden = page.document?.hidden
    const rests = aside || (hidden && whenHidden === 'pause')
    if (rests || !hidden) rest(!!rests)
  }
  for (const type of moments) page.addEventListener?.(type, look)
  look({})
  return () => {
    for (const type of moments) page.removeEventListener?.(type, look)
  }
}

/** Whether the page says that it has no network. */
export const isOffline = (): boolean => page.navigator?.onLine === false
