/** What of a page's life a stream takes part in. Nothing of it exists outside of pages, and little of it in workers. */
interface Page {
  readonly onpagehide?: unknown
  readonly navigator?: { readonly onLine?: boolean }
  addEventListener(type: string, listener: (event: { readonly persisted?: boolean }) => void): void
  removeEventListener(type: string, listener: (event: { readonly persisted?: boolean }) => void): void
}

/**
 * Tells when the page is left, which may be undone, and when it is back. Firefox leaves a connection open that began while the next page
 * was on its way.
 *
 * @returns what ends it
 */
export function watchPage(onAside: () => void, onBack: () => void): () => void {
  const page = globalThis as unknown as Page
  if (!('onpagehide' in page)) return () => {}
  const show = ({ persisted }: { readonly persisted?: boolean }) => persisted && onBack()
  page.addEventListener('pagehide', onAside)
  page.addEventListener('pageshow', show)
  return () => {
    page.removeEventListener('pagehide', onAside)
    page.removeEventListener('pageshow', show)
  }
}

/** Calls back once there is a network, at once if it is not known to be missing. Returns what ends the wait. */
export function whenOnline(task: () => void): () => void {
  const page = globalThis as unknown as Page
  if (page.navigator?.onLine !== false) {
    task()
    return () => {}
  }
  const end = () => page.removeEventListener('online', go)
  const go = () => {
    end()
    task()
  }
  page.addEventListener('online', go)
  return end
}
