// What goes through the queues. Item n is the same in all languages, and so is what each is worth: the sum over all items shows that
// they have arrived, and were looked at.

export const KINDS = ['numbers', 'strings', 'objects'] as const
export type Kind = (typeof KINDS)[number]

export interface Visit {
  readonly user: number
  readonly visits: number
  readonly online: boolean
}
export type Item = number | string | Visit

/** Different texts, of so many characters, which are made before the time runs; a queue copies each. */
const TEXTS = 1_000
const LENGTH = 100
const texts = Array.from({ length: TEXTS }, (_, n) => `${n}`.padStart(LENGTH, 'x'))

const MAKERS: Record<Kind, (n: number) => Item> = {
  numbers: (n) => n,
  strings: (n) => texts[n % TEXTS]!,
  objects: (n) => ({ user: n % TEXTS, visits: n, online: n % 2 === 0 }),
}

const WORTHS: Record<Kind, (item: never) => number> = {
  numbers: (item: number) => item,
  strings: (item: string) => item.length + item.charCodeAt(LENGTH - 1),
  objects: ({ user, visits, online }: Visit) => user + visits + (online ? 1 : 0),
}

/** Makes item n. */
export function makerOf(kind: Kind): (n: number) => Item {
  return MAKERS[kind]
}

/** What an item is worth. */
export function worthOf(kind: Kind): (item: Item) => number {
  return WORTHS[kind] as (item: Item) => number
}

/** What the first `count` items are worth together. */
export function worthOfAll(kind: Kind, count: number): number {
  const [make, worth] = [makerOf(kind), worthOf(kind)]
  let sum = 0
  for (let n = 0; n < count; n++) sum += worth(make(n))
  return sum
}
