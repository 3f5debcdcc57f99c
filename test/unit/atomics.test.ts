// docs/MEMORY-MODEL.md argues every atomic operation. Here it is kept complete: who adds one has to argue it there, and
// who takes one away has to say so.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../../', import.meta.url)

/** `file function: operations`, with how many of each there are, as the document's tables have it. */
function atomicsOf(folder: string, operation: RegExp, name: RegExp): string[] {
  const found: string[] = []
  const files = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((one) => one.endsWith('.ts')).sort()) {
    const path = file.replaceAll('\\', '/')
    const counts = new Map<string, Map<string, number>>()
    let within = ''
    for (const line of readFileSync(new URL(`${folder}/${path}`, ROOT), 'utf8').split('\n')) {
      within = name.exec(line)?.[1] ?? within
      if (/^\s*(\*|\/\/|\/\*)/.test(line)) continue
      for (const [, what] of line.split(' // ')[0]!.matchAll(operation)) {
        const here = counts.get(within) ?? new Map<string, number>()
        counts.set(within, here.set(what!, (here.get(what!) ?? 0) + 1))
      }
    }
    for (const [where, here] of counts) {
      const operations = [...here].map(([what, times]) => (times > 1 ? `${times} ${what}` : what)).sort()
      found.push(`${path} ${where}: ${operations.join(', ')}`)
    }
  }
  return found
}

/** The same of the tables: rows that begin with | `file function` | operations |. */
function argued(heading: string): string[] {
  const text = readFileSync(new URL('docs/MEMORY-MODEL.md', ROOT), 'utf8')
  const begin = text.indexOf(heading)
  expect(begin, `"${heading}" in the document`).toBeGreaterThan(0)
  const end = text.indexOf('\n## ', begin + heading.length)
  const rows = text.slice(begin, end < 0 ? undefined : end).matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)
  return [...rows].map(([, where, operations]) => `${where}: ${operations!.trim()}`)
}

describe('every atomic operation is argued in docs/MEMORY-MODEL.md', () => {
  it('of the core', () => {
    const found = atomicsOf('assembly', /\batomic\.(\w+)/g, /\bfunction (\w+)/)
    expect(found.length).toBeGreaterThan(30)
    expect(argued('## Every atomic of the core').sort()).toEqual(found.sort())
  })

  it('of the TypeScript layer', () => {
    const found = atomicsOf('src', /\bAtomics\.(\w+)/g, /(?:\bfunction |^ {2}(?:async )?)(#?\w+)\(.*\{$/)
    expect(found.length).toBeGreaterThan(5)
    expect(argued('## Every atomic of the TypeScript layer').sort()).toEqual(found.sort())
  })
})

/**
 * Where the binary loads doubles plainly: operands and results in scratch, and the copy there of the names among which that of a
 * claim is sought; under the lock, the number that is added to; and times, of this thread's own wait, and of the epoch, which never
 * changes. Of a cache: how long its entries live, which is written before it is published, or in this thread's stripe; and for how
 * long what has ended is kept, a hint that only rises.
 */
const DOUBLES = [
  'exports/generic/stageKey',
  'exports/queue/pushOperand',
  'structures/queue/push/stageMany',
  'structures/queue/push/pushNumbers',
  'exports/generic/incrementOnce',
  'exports/generic/compareAndSetOnce',
  'exports/generic/compareAndDeleteOnce',
  'exports/generic/watch',
  'memory/value/stageValue',
  'structures/hashmap/batch/prepareGroup',
  'structures/hashmap/batch/stageGiven',
  'structures/hashmap/many/getOrInsertNumbers',
  'structures/hashmap/write/increment<u16>',
  'structures/hashmap/write/increment<f64>',
  'structures/hashmap/write/increment<f32>',
  'structures/hashmap/write/incrementAnywhere<u16>',
  'structures/hashmap/write/incrementAnywhere<f64>',
  'structures/hashmap/write/incrementAnywhere<f32>',
  'heap/recovery/recover',
  'heap/recovery/settleClaim',
  'sync/lock/waitRecorded',
  'sync/trace/beginSpan',
  'sync/trace/endSpan',
  'sync/trace/recordMoment',
  'heap/tracing/lookAtTrace',
  'heap/tracing/beginTrace',
  'structures/hashmap/live/timeOfNew',
  'structures/cache/evict/isEnded',
  'structures/cache/hooks/make',
  'heap/collections/createCollection',
  'exports/cache/keepStale',
]

// Binaryen makes one plain load of an atomic load and a cast to f64: section 1 of the document.
it('no other function of the binary loads a double, which might be a value that others change', () => {
  const text = readFileSync(new URL('build/tophash.wat', ROOT), 'utf8')
  const functions = text.split('\n (func ').slice(1)
  expect(functions.length).toBeGreaterThan(100)
  const loading = functions.filter((one) => one.includes('f64.load'))
  const names = loading.map((one) => /^\$"?assembly\/([^"\s]+)/.exec(one)?.[1])
  expect(names.filter((name) => !DOUBLES.includes(name!))).toEqual([])
})
