import fc from 'fast-check'

/**
 * A text by its recipe, which is what a failing run prints: a text of 100,000 characters would bury it.
 * `unit` is repeated up to `length` code units, and `last` is put behind.
 */
export interface Recipe {
  readonly unit: string
  readonly length: number
  readonly last: string
  /** How the engine is led to keep the text: strings that are equal need not be of the same make. */
  readonly make: 'joined' | 'sliced' | 'wide'
}

/** Where the code for texts changes its ways: the encoder, the scratch page for keys, that for values, large blocks. */
const SHORT = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 23, 24, 25, 39, 40, 41, 42]
const KEY_LIMITS = [4059, 4060, 4061, 8119, 8120, 8121]
const VALUE_LIMITS = [28_667, 28_668, 28_669, 57_335, 57_336, 57_337]
const BLOCK_LIMITS = [16_380, 16_381, 32_752, 32_759, 32_760, 32_761, 32_767, 32_768, 33_000, 100_000]

const UNITS = ['a', 'b', '\0', '\x7f', '\x80', 'ÿ', 'Ā', '€', '\ud800', '\udfff', '😀', 'é', 'ab\0']
const LAST = ['', 'z', 'ÿ', '€', '\0', '\ud83d']

/** Texts that tend to be mistaken for others. */
const NASTY = ['', '\0', '\0\0', 'a', 'a\0', '\ud800', '\udc00\ud800', '😀', 'é', 'e\u0301', '1', 'NaN', 'undefined', '__proto__', 'constructor']

const exact = (text: string): Recipe => ({ unit: text, length: text.length, last: '', make: 'joined' })

/** Recipes of texts: few enough that they come again, mostly short. */
export const recipes: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY).map(exact) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }).map((n) => exact(`key ${n}`)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }).map(exact) },
  { weight: 5, arbitrary: recipesOf(SHORT) },
  { weight: 2, arbitrary: recipesOf(KEY_LIMITS) },
  { weight: 1, arbitrary: recipesOf(VALUE_LIMITS) },
  { weight: 1, arbitrary: recipesOf(BLOCK_LIMITS) },
)

function recipesOf(lengths: readonly number[]): fc.Arbitrary<Recipe> {
  return fc.record({
    unit: fc.constantFrom(...UNITS),
    length: fc.constantFrom(...lengths),
    last: fc.constantFrom(...LAST),
    make: fc.constantFrom('joined', 'sliced', 'wide'),
  })
}

/** The text of a recipe. */
export function textOf({ unit, length, last, make }: Recipe): string {
  const body = unit ? unit.repeat(Math.ceil(length / unit.length)).slice(0, length) : ''
  const text = body.slice(0, Math.max(0, length - last.length)) + last
  if (make === 'joined') return text
  if (make === 'sliced') return `€${text}`.slice(1) // a part of a string of two bytes a character
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
