import type { Policy } from './policy.js'

interface Node {
  key: number
  isVisited: boolean
  newer: Node | undefined
  older: Node | undefined
}

/** SIEVE (Zhang et al., NSDI 2024): a FIFO, and a hand from old to new that spares once what was asked for. */
export class Sieve implements Policy {
  readonly #capacity: number
  readonly #nodes = new Map<number, Node>()
  #newest: Node | undefined
  #oldest: Node | undefined
  #hand: Node | undefined

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#nodes.size
  }

  request(key: number): boolean {
    const found = this.#nodes.get(key)
    if (found) {
      found.isVisited = true
      return true
    }
    if (this.#nodes.size >= this.#capacity) this.#evict()
    const node: Node = { key, isVisited: false, newer: undefined, older: this.#newest }
    if (this.#newest) this.#newest.newer = node
    this.#newest = node
    this.#oldest ??= node
    this.#nodes.set(key, node)
    return false
  }

  #evict(): void {
    let node = (this.#hand ?? this.#oldest)!
    while (node.isVisited) {
      node.isVisited = false
      node = (node.newer ?? this.#oldest)!
    }
    this.#hand = node.newer
    if (node.newer) node.newer.older = node.older
    else this.#newest = node.older
    if (node.older) node.older.newer = node.newer
    else this.#oldest = node.newer
    this.#nodes.delete(node.key)
  }
}
