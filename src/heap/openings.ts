/** What a use has open of a table. */
export interface Opening {
  readonly stripe: number
  readonly generation: number
}

interface Opener {
  readonly opening: Opening | undefined
}

/**
 * Which uses of a heap have which table open. A stripe serves one collection after the other, and an exception that comes
 * out of closing one, as at the end of the stack, leaves it open for its user while it may be closed for the core. So that
 * this user never meets the collection that comes next, its use is found here then.
 */
export class Openings<Use extends Opener> {
  readonly #byStripe = new Map<number, Set<Use>>()

  /** Adds a use. Returns those that have a former collection open with its stripe, as they believe. */
  add(use: Use): Use[] {
    if (!use.opening) return []
    const { stripe, generation } = use.opening
    const uses = this.#byStripe.get(stripe) ?? new Set()
    const stale = [...uses].filter(({ opening }) => opening!.generation !== generation)
    this.#byStripe.set(stripe, uses.add(use))
    return stale
  }

  delete(use: Use): void {
    const stripe = use.opening?.stripe ?? 0
    const uses = this.#byStripe.get(stripe)
    if (uses?.delete(use) && uses.size === 0) this.#byStripe.delete(stripe)
  }

  /** How many have the same table open as this one. */
  count(use: Use): number {
    return this.#byStripe.get(use.opening?.stripe ?? 0)?.size ?? 0
  }
}
