/** What keys and values of a collection are, as its record says. */
export interface Kinds {
  readonly key: string
  readonly value: string
}

/** What is said of a structure in its folder (structure.ts), for those who know none: see structures.ts. */
export interface Structure {
  /** The structure of its record in the core: see assembly/heap/registry.ts. */
  readonly id: number
  readonly className: string
  /** What one of these kinds is called in a sentence. */
  readonly described: (kinds: Kinds) => string
  /** Which of its kinds there are to speak of. */
  readonly kinds: (kinds: Kinds) => readonly string[]
  /** How much of it is made at once, as an option; undefined: nothing is. */
  readonly sizedBy: string | undefined
  /** Options to make one with. */
  readonly example: string
  /** What a handle says of one of these kinds. */
  readonly said: (key: string, value: string) => string
  /** What one is, as the end of a sentence on what has been found. */
  readonly found: (kinds: Kinds) => string
  /** What each code of its check.ts in the core means; a set's are a map's. */
  readonly invariants: Readonly<Record<number, string>>
}
