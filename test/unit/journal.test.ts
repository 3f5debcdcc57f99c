// The rule of assembly/sync/journal.ts, in the sources: who writes which word of the journal, and what is begun by enter().
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const FOLDER = fileURLToPath(new URL('../../assembly/', import.meta.url))

const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(FOLDER, file), 'utf8') }))

function occurrences(pattern: RegExp): { file: string; groups: string[] }[] {
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ file, groups: match.slice(1) as string[] })),
  )
}

/** Where each word is assigned. Those of claims by one store: heap/collections.ts. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  lock: ['sync/lock.ts', 'heap/recovery.ts'],
  logged: ['sync/journal.ts'],
  word: ['sync/lock.ts'],
  record: ['sync/lock.ts', 'sync/journal.ts'],
  buckets: ['structures/hashmap/chain.ts', 'structures/hashmap/hooks.ts'],
  saved: ['structures/hashmap/clear.ts'],
  growing: ['structures/hashmap/grow.ts'],
  child: ['structures/hashmap/evacuate.ts', 'structures/hashmap/hooks.ts'],
  entry: ['structures/bitset/pages.ts'],
  shrinking: ['structures/hashmap/shrink.ts'],
  staged: ['structures/queue/push.ts', 'structures/queue/transfer.ts'],
  taken: ['structures/queue/take.ts', 'structures/queue/transfer.ts'],
  batch: ['structures/queue/receive.ts', 'structures/queue/take.ts', 'structures/queue/transfer.ts'],
  at: ['structures/queue/transfer.ts'],
  goal: ['structures/queue/transfer.ts'],
  handed: ['structures/queue/transfer.ts'],
  rest: ['structures/queue/transfer.ts'],
  childBit: ['structures/hashmap/evacuate.ts'],
  childBuckets: ['structures/hashmap/evacuate.ts'],
  overflowBefore: ['structures/hashmap/evacuate.ts'],
  evacuatedBefore: ['structures/hashmap/evacuate.ts'],
  making: ['heap/collections.ts', 'heap/records.ts'],
  deleting: ['heap/deletion.ts'],
  freeing: ['heap/deletion.ts', 'heap/records.ts'],
  raw: ['memory/supply.ts'],
  rawOwner: ['memory/supply.ts'],
  run: ['memory/units.ts'],
  runUnits: ['memory/units.ts'],
  unfreed: ['memory/blocks.ts'],
}

/** What says that something takes more than one commit. */
const ENTERED = [
  'entry',
  'taken',
  'batch',
  'at',
  'buckets',
  'saved',
  'growing',
  'child',
  'shrinking',
  'making',
  'deleting',
  'freeing',
  'raw',
]
/** Assignments of these that end it, or go on with the next. */
const GOING_ON = ['0', 'next', 'nextBucket(buckets)']

const assignments = occurrences(/(?:journal|unfinished)\(\)\.(\w+) *(?:=(?!=)|[-+]=|--|\+\+) *([^\n/]*)/g)
const entries = occurrences(/[^\w]enter\((?:journalWord|unfinishedWord)\(offsetof<\w+>\('(\w+)'\)\)/g)

describe('the journal', () => {
  it('is written by those who are known to', () => {
    const found = new Map<string, Set<string>>()
    for (const {
      file,
      groups: [field],
    } of [...assignments, ...entries])
      found.set(field!, (found.get(field!) ?? new Set()).add(file))
    const sorted = (files: Iterable<string>): string[] => [...files].sort()
    expect(Object.fromEntries([...found].map(([field, files]) => [field, sorted(files)]).sort())).toEqual(
      Object.fromEntries(
        Object.entries(WRITERS)
          .map(([field, files]) => [field, sorted(files)])
          .sort(),
      ),
    )
  })

  it('is entered where something begins that takes more than one commit, and nowhere else', () => {
    const begun = assignments.filter(
      ({ groups: [field, value] }) => ENTERED.includes(field!) && !GOING_ON.includes(value!.trim()),
    )
    expect(begun).toEqual([])
    expect([...new Set(entries.map(({ groups: [field] }) => field))].sort()).toEqual([...ENTERED].sort())
  })

  it('is asked before a lock is taken: whether anything is in it for a chain, whether it is in use for the pool', () => {
    const { text } = sources.find(({ file }) => file === 'sync/lock.ts')!
    expect([...text.matchAll(/[^\w]tryLock\(/g)].length).toBe(4) // its own, and these three
    expect(text).toMatch(
      /if \(isUnsettled\(\)\) return false\n +journal\(\)\.record = record[^\n]*\n +return tryLock\(address, seen\)/,
    )
    expect(text).toMatch(/return !isInUse\(\) && tryLock\(POOL, seen\)/)
    expect(text).toMatch(/return !isInUse\(\) && tryLock\(address, seen\)/) // who has asked before it entered something
    const entering = occurrences(/[^\w]lockEntered\(/g).map(({ file }) => file)
    expect(entering.sort()).toEqual(['structures/queue/push.ts', 'structures/queue/receive.ts', 'sync/lock.ts'])
    expect(occurrences(/journal\(\)\.lock = (?!0)/g).map(({ file }) => file)).toEqual(['sync/lock.ts'])
  })
})
