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

/**
 * Where the code for blocks changes its ways: the encoder, the scratch areas for keys (8,056 bytes), expected values
 * (28,664) and values (57,336), and large blocks; each for one byte a character and for two.
 */
export const LENGTHS = {
  short: [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 23, 24, 25, 39, 40, 41, 42],
  key: [1999, 2000, 2001, 4027, 4028, 4029, 8055, 8056, 8057],
  value: [14_332, 14_333, 28_663, 28_664, 28_665, 28_668, 28_669, 57_335, 57_336, 57_337],
  block: [16_376, 16_377, 16_380, 32_752, 32_759, 32_760, 32_761, 32_768, 33_000, 65_528, 65_529, 100_000],
} as const

const UNITS = ['a', 'b', '\0', '\x7f', '\x80', 'ÿ', 'Ā', '€', '\ud800', '\udfff', '😀', 'é', 'ab\0']
const LAST = ['', 'z', 'ÿ', '€', '\0', '\ud83d']

/** Texts that tend to be mistaken for others. */
const NASTY = [
  '',
  '\0',
  '\0\0',
  'a',
  'a\0',
  '\ud800',
  '\udc00\ud800',
  '😀',
  'é',
  'e\u0301',
  '1',
  'NaN',
  'undefined',
  '__proto__',
  'constructor',
]

const exact = (text: string): Recipe => ({ unit: text, length: text.length, last: '', make: 'joined' })

/** Recipes of texts: few enough that they come again, mostly short. */
export const recipes: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY).map(exact) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }).map((n) => exact(`key ${n}`)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }).map(exact) },
  { weight: 5, arbitrary: recipesOf(LENGTHS.short) },
  { weight: 2, arbitrary: recipesOf(LENGTHS.key) },
  { weight: 1, arbitrary: recipesOf(LENGTHS.value) },
  { weight: 1, arbitrary: recipesOf(LENGTHS.block) },
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
