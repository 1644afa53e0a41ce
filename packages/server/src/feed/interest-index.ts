import type { Entry } from './entry.ts'
import { accepts, type Interest } from './interest.ts'

interface Node<Owner> {
  readonly children: Map<string, Node<Owner>>
  readonly here: Map<Interest, Owner>
}

/** Finds who is interested in an entry without asking everybody: a tree of address segments. */
export class InterestIndex<Owner> {
  readonly #root: Node<Owner> = createNode()

  add(interest: Interest, owner: Owner): void {
    let node = this.#root
    for (const segment of interest.segments) {
      let child = node.children.get(segment)
      if (child === undefined) {
        child = createNode()
        node.children.set(segment, child)
      }
      node = child
    }
    node.here.set(interest, owner)
  }

  remove(interest: Interest): void {
    const path = [this.#root]
    for (const segment of interest.segments) {
      const child = path[path.length - 1]?.children.get(segment)
      if (child === undefined) return
      path.push(child)
    }
    path[path.length - 1]?.here.delete(interest)
    // Empty branches go, or every address ever asked for would stay.
    for (let depth = path.length - 1; depth > 0; depth -= 1) {
      const node = path[depth] as Node<Owner>
      if (node.here.size > 0 || node.children.size > 0) return
      path[depth - 1]?.children.delete(interest.segments[depth - 1] as string)
    }
  }

  /** The owners of interests in these very segments. */
  at(segments: readonly string[]): readonly Owner[] {
    let node: Node<Owner> | undefined = this.#root
    for (const segment of segments) node = node?.children.get(segment)
    return [...(node?.here.values() ?? [])]
  }

  /** Calls `found` for each interest that wants the entry; an owner with several may be named several times. */
  find(entry: Entry, found: (owner: Owner) => void): void {
    visit(this.#root, entry, 0, found)
  }
}

function createNode<Owner>(): Node<Owner> {
  return { children: new Map(), here: new Map() }
}

function visit<Owner>(node: Node<Owner>, entry: Entry, depth: number, found: (owner: Owner) => void): void {
  if (depth === entry.segments.length) {
    for (const [interest, owner] of node.here) if (accepts(interest, entry)) found(owner)
    return
  }
  const exact = node.children.get(entry.segments[depth] as string)
  if (exact !== undefined) visit(exact, entry, depth + 1, found)
  const open = node.children.get('*')
  if (open !== undefined) visit(open, entry, depth + 1, found)
}
