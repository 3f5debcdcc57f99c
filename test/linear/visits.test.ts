// The checker of iterations: recordings known to be right and known to be wrong.
import { describe, expect, it } from 'vitest'
import { ABSENT, type Operation } from '../harness/histories/history.js'
import { operation as op } from './made-up.js'
import { explain } from '../harness/histories/recording.js'
import { type Visit, readsOf } from '../harness/histories/visits.js'
import { MAP } from '../harness/structures/hashmap/histories.js'

const KEYS = [0, 1]
/** Key 0 is there all the time; key 1 comes at 10..20 and goes at 50..60. */
const WRITES: readonly Operation[] = [
  op('set', 1, 2, { key: 0, given: 5 }),
  op('set', 10, 20, { key: 1, given: 7 }),
  op('delete', 50, 60, { key: 1, got: 1 }),
]

function visit(call: number, returned: number, entries: Visit['entries'], group = 'all'): Visit {
  return { thread: 1, place: 0, group, call, returned, entries }
}

const explainVisits = (...visits: Visit[]): string | undefined => explain([...WRITES, ...readsOf(visits, KEYS)], MAP)

describe('visits that are right', () => {
  it.each<[string, Visit[]]>([
    [
      'all that is there throughout',
      [
        visit(30, 40, [
          [0, 5],
          [1, 7],
        ]),
      ],
    ],
    [
      'what comes meanwhile, or not',
      [
        visit(5, 15, [
          [0, 5],
          [1, 7],
        ]),
        visit(6, 16, [[0, 5]], 'other'),
      ],
    ],
    [
      'what goes meanwhile, or not',
      [
        visit(40, 70, [
          [0, 5],
          [1, 7],
        ]),
        visit(40, 70, [[0, 5]], 'other'),
      ],
    ],
    [
      'what comes and goes meanwhile',
      [
        visit(3, 70, [
          [1, 7],
          [0, 5],
        ]),
      ],
    ],
    ['in two batches', [visit(30, 31, [[1, 7]]), visit(32, 33, [[0, 5]])]],
    ['what had not come when its batch was read', [visit(3, 4, []), visit(30, 31, [[0, 5]])]],
    ['a part before another thread has visited its own', [visit(55, 56, [[0, 5]], 'parts'), visit(30, 31, [[1, 7]], 'parts')]],
  ])('%s', (_, visits) => {
    expect(explainVisits(...visits)).toBe(undefined)
  })
})

describe('visits that are wrong', () => {
  it.each<[string, Visit[]]>([
    ['leave out what is there throughout', [visit(30, 40, [[1, 7]])]],
    ['leave out what had come before', [visit(21, 40, [[0, 5]])]],
    [
      'show what has gone',
      [
        visit(61, 70, [
          [0, 5],
          [1, 7],
        ]),
      ],
    ],
    [
      'show what had not come yet',
      [
        visit(3, 9, [
          [0, 5],
          [1, 7],
        ]),
      ],
    ],
    [
      'show a value that was never there',
      [
        visit(30, 40, [
          [0, 6],
          [1, 7],
        ]),
      ],
    ],
    ['show in an early batch what came after it', [visit(3, 4, [[1, 7]]), visit(30, 31, [[0, 5]])]],
    ['leave out of all parts what is there throughout', [visit(30, 31, [[0, 5]], 'parts'), visit(32, 33, [], 'parts')]],
  ])('%s', (_, visits) => {
    expect(explainVisits(...visits)).toContain('Not linearizable')
  })

  it('show an entry twice, in one batch or part, or in two', () => {
    expect(() =>
      explainVisits(
        visit(30, 40, [
          [0, 5],
          [1, 7],
          [0, 5],
        ]),
      ),
    ).toThrow('has shown key 0 twice')
    const parts = [
      visit(30, 31, [[0, 5]], 'parts'),
      visit(
        32,
        33,
        [
          [0, 5],
          [1, 7],
        ],
        'parts',
      ),
    ]
    expect(() => explainVisits(...parts)).toThrow('has shown key 0 twice')
  })
})

describe('several iterations', () => {
  it('are taken apart', () => {
    const reads = readsOf([visit(1, 2, [[0, 5]], 'a'), visit(3, 4, [[0, 5]], 'b'), visit(5, 6, [[1, 7]], 'a')], KEYS)
    expect(reads.map(({ key, got, call, returned }) => [key, got, call, returned])).toEqual([
      [0, 5, 1, 2],
      [1, 7, 5, 6],
      [0, 5, 3, 4],
      [1, ABSENT, 3, 4],
    ])
  })
})
