/** What of a list can be seen. Lengths are in pixels. */
export interface ListWindow {
  readonly first: number
  /** The place after the last one. */
  readonly end: number
}

/** The rows that a scrolled view shows, and a few beyond each edge, so that a small scroll finds them there. */
export function listWindow(view: {
  readonly scrollTop: number
  readonly height: number
  readonly rowHeight: number
  readonly count: number
  readonly beyond: number
}): ListWindow {
  const { scrollTop, height, rowHeight, count, beyond } = view
  const first = Math.floor(scrollTop / rowHeight) - beyond
  const end = Math.ceil((scrollTop + height) / rowHeight) + beyond
  return { first: clamp(first, count), end: clamp(end, count) }
}

/** Where to scroll so that a row is inside the view; where it is already, if it is. */
export function scrollToShow(
  index: number,
  view: { readonly scrollTop: number; readonly height: number; readonly rowHeight: number },
): number {
  const top = index * view.rowHeight
  if (top < view.scrollTop) return top
  return Math.max(view.scrollTop, top + view.rowHeight - view.height)
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value))
}
