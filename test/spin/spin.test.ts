// The protocol, in every interleaving: bucket.pml, checked by SPIN. And each of the bugs of bugs.ts must be found.
import { describe, expect, it } from 'vitest'
import { isFull, sized } from '../support/size.js'
import { BUGS, type Bug, CLAIMS } from './bugs.js'
import { MODEL, type Search, check, hasSpin } from './checker.js'

/** What is searched to the end; `npm test` has a small part of that, in seconds. */
const CONFIGURATIONS: Record<string, readonly string[]> = sized(
  {
    'one reader and two writers': ['-DREADERS=1', '-DDEATHS=0'],
  },
  {
    'two readers, two writers and one death': [],
    'one reader, two writers, a death, and the death of who recovers': ['-DREADERS=1', '-DDEATHS=2'],
    'one reader, and two operations of each of two writers': ['-DREADERS=1', '-DDEATHS=0', '-DOPERATIONS=2'],
  },
)

/** Statements that nothing can reach: a key that stays has no business with the child; and recovery waits for ever. */
const UNREACHABLE = [/^Writer: \d+: at = home$/, /^Writer: \d+: assert\(\(at!=0\)\)$/, /^Recovery: \d+: -end-$/]

const isReady = hasSpin()
if (!isReady && !process.env.CI) console.log('test/spin is skipped: it needs "apt-get install spin gcc"')

describe('the tools of the model checker', () => {
  it.runIf(process.env.CI)('are installed', () => expect(isReady, 'apt-get install spin gcc libc6-dev').toBe(true))
})

describe.runIf(isReady)('the model of the protocol', () => {
  const searches: Search[] = []

  it.each(Object.entries(CONFIGURATIONS))(
    'has no error: %s',
    async (name, flags) => {
      const search = await check(`right-${searches.length}`, MODEL, flags, isFull)
      searches.push(search)
      console.log(`${name}: ${search.states.toLocaleString('en')} states, ${search.seconds} s`)
      expect(search).toMatchObject({ errors: 0, violated: undefined, isComplete: true })
    },
    600_000,
  )

  it.runIf(isFull)('leaves no statement out', () => {
    expect(searches).toHaveLength(Object.keys(CONFIGURATIONS).length)
    const missed = searches[0]!.unreached.filter((one) => searches.every(({ unreached }) => unreached.includes(one)))
    expect(missed.filter((one) => !UNREACHABLE.some((pattern) => pattern.test(one)))).toEqual([])
    expect(missed).toHaveLength(UNREACHABLE.length)
  })

  it('needs each of its assertions: a bug shows only by it', () => {
    const own = Object.keys(CLAIMS).filter((claim) => claim !== 'journalNamesALock')
    expect(MODEL.match(/assert\(/g)).toHaveLength(own.length)
    expect(new Set(BUGS.map(({ breaks }) => breaks))).toEqual(new Set(Object.keys(CLAIMS)))
  })
})

describe('a bug', () => {
  it.each(BUGS.map((bug) => [bug.name, bug] as const))('fits the model: %s', (_, bug) => {
    expect(planted(bug)).not.toBe(MODEL)
  })
})

describe.runIf(isReady)('a bug is found:', () => {
  const some = BUGS.map((bug, index) => [bug.name, bug, index] as const).filter((_, index) => index % sized(12, 1) === 0)

  it.each(some)(
    '%s',
    async (_, bug, index) => {
      const search = await check(`bug-${index}`, planted(bug), bug.flags ?? ['-DREADERS=1', '-DDEATHS=1'], false)
      expect(search.errors).toBe(1)
      expect(search.violated).toMatch(CLAIMS[bug.breaks])
    },
    120_000,
  )
})

function planted(bug: Bug): string {
  let model = MODEL
  for (const [text, instead] of bug.edits) {
    expect(model.split(text), text).toHaveLength(2)
    model = model.replace(text, () => instead)
  }
  return model
}
