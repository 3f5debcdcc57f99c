// What keys and values of a collection can be: names for programs, types for the compiler.

/** What keys or values are, declared once for all threads. `'any'` takes all that can be; the others are faster. */
export type Kind = 'any' | 'number' | 'bigint' | 'string' | 'bytes'

/** What a table's values are: of a kind, or not there at all, as in a set. */
export type StoredKind = Kind | 'none'

/** Everything that can be a key. They are compared by value: Uint8Arrays by their bytes. */
export type Key = number | string | bigint | boolean | null | undefined | Uint8Array

/** The type that a kind stands for; `A` is what `'any'` does. */
export type TypeOf<T extends Kind, A = any> = T extends 'number'
  ? number
  : T extends 'string'
    ? string
    : T extends 'bigint'
      ? bigint
      : T extends 'bytes'
        ? Uint8Array
        : A

/** The kinds by which a type, or a part of a union, can be declared: `'any'`, and the one that is made for it. */
export type KindOf<T> = 0 extends 1 & T ? Kind : [T] extends [never] ? Kind : 'any' | SpecialKindOf<T>

type SpecialKindOf<T> = T extends number
  ? 'number'
  : T extends string
    ? 'string'
    : T extends bigint
      ? 'bigint'
      : T extends Uint8Array
        ? 'bytes'
        : never

export const KINDS: readonly Kind[] = ['any', 'number', 'bigint', 'string', 'bytes']
