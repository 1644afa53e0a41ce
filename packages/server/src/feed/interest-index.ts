import type { Entry } from './entry.ts'
import { accepts, type Interest } from './interest.ts'

type Owners<Owner> = Map<Interest, Owner>

// Many topics have one subscriber, for which a map would be large and slow.
class Only<Owner> {
  readonly interest: Interest
  readonly owner: Owner

  constructor(interest: Interest, owner: Owner) {
    this.interest = interest
    this.owner = owner
  }
}

interface Node<Owner> {
  readonly children: Map<string, Node<Owner>>
  readonly here: Owners<Owner>
}

/** Finds who is interested in an entry without asking everybody: by the topic's address, and for patterns a tree of its segments. */
export class InterestIndex<Owner> {
  readonly #topics = new Map<string, Only<Owner> | Owners<Owner>>()
  readonly #patterns: Node<Owner> = createNode()

  add(interest: Interest, owner: Owner): void {
    if (interest.pattern) {
      this.#addPattern(interest, owner)
      return
    }
    const { address } = interest
    const owners = this.#topics.get(address)
    if (owners === undefined) this.#topics.set(address, new Only(interest, owner))
    else if (owners instanceof Map) owners.set(interest, owner)
    else this.#topics.set(address, new Map([[owners.interest, owners.owner]]).set(interest, owner))
  }

  remove(interest: Interest): void {
    if (interest.pattern) {
      this.#removePattern(interest)
      return
    }
    const { address } = interest
    const owners = this.#topics.get(address)
    if (owners instanceof Map) {
      owners.delete(interest)
      if (owners.size === 0) this.#topics.delete(address)
    } else if (owners?.interest === interest) this.#topics.delete(address)
  }

  /** The owners of interests in this topic alone. */
  at(address: string): readonly Owner[] {
    const owners = this.#topics.get(address)
    if (owners === undefined) return []
    return owners instanceof Map ? [...owners.values()] : [owners.owner]
  }

  /** All owners, each once. */
  owners(): ReadonlySet<Owner> {
    const all = new Set<Owner>()
    for (const owners of this.#topics.values()) {
      if (owners instanceof Map) for (const owner of owners.values()) all.add(owner)
      else all.add(owners.owner)
    }
    collect(this.#patterns, all)
    return all
  }

  /** Calls `found` for each interest that wants the entry; an owner with several may be named several times. */
  find(entry: Entry, found: (owner: Owner, entry: Entry) => void): void {
    const owners = this.#topics.get(entry.topic)
    if (owners instanceof Map) tell(owners, entry, found)
    else if (owners !== undefined && accepts(owners.interest, entry)) found(owners.owner, entry)
    if (this.#patterns.children.size > 0) visit(this.#patterns, entry, 0, found)
  }

  #addPattern(interest: Interest, owner: Owner): void {
    let node = this.#patterns
    for (const segment of interest.address.split('/')) {
      let child = node.children.get(segment)
      if (child === undefined) {
        child = createNode()
        node.children.set(segment, child)
      }
      node = child
    }
    node.here.set(interest, owner)
  }

  #removePattern(interest: Interest): void {
    const segments = interest.address.split('/')
    const path = [this.#patterns]
    for (const segment of segments) {
      const child = path[path.length - 1]?.children.get(segment)
      if (child === undefined) return
      path.push(child)
    }
    path[path.length - 1]?.here.delete(interest)
    // Empty branches go, or every address ever asked for would stay.
    for (let depth = path.length - 1; depth > 0; depth -= 1) {
      const node = path[depth] as Node<Owner>
      if (node.here.size > 0 || node.children.size > 0) return
      path[depth - 1]?.children.delete(segments[depth - 1] as string)
    }
  }
}

function createNode<Owner>(): Node<Owner> {
  return { children: new Map(), here: new Map() }
}

function collect<Owner>({ here, children }: Node<Owner>, all: Set<Owner>): void {
  for (const owner of here.values()) all.add(owner)
  for (const child of children.values()) collect(child, all)
}

function visit<Owner>(
  node: Node<Owner>,
  entry: Entry,
  depth: number,
  found: (owner: Owner, entry: Entry) => void,
): void {
  if (depth === entry.segments.length) {
    tell(node.here, entry, found)
    return
  }
  const exact = node.children.get(entry.segments[depth] as string)
  if (exact !== undefined) visit(exact, entry, depth + 1, found)
  const open = node.children.get('*')
  if (open !== undefined) visit(open, entry, depth + 1, found)
}

function tell<Owner>(owners: Owners<Owner>, entry: Entry, found: (owner: Owner, entry: Entry) => void): void {
  for (const [interest, owner] of owners) if (accepts(interest, entry)) found(owner, entry)
}
