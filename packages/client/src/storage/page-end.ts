interface Target {
  addEventListener?(name: string, listener: () => void): void
  removeEventListener?(name: string, listener: () => void): void
}

/** Calls a task whenever the page may be about to go, where there is a page. Returns what ends that. */
export function onPageEnd(task: () => void): () => void {
  const { document } = globalThis as { readonly document?: Target & { readonly visibilityState?: string } }
  const page = globalThis as Target
  // A page on a phone is often not told more than that it is hidden.
  const hide = () => {
    if (document?.visibilityState === 'hidden') task()
  }
  page.addEventListener?.('pagehide', task)
  document?.addEventListener?.('visibilitychange', hide)
  return () => {
    page.removeEventListener?.('pagehide', task)
    document?.removeEventListener?.('visibilitychange', hide)
  }
}
