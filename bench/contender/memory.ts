// What an entry costs: the resident memory of the process before and after many inserts.
import process from 'node:process'
import type { Library } from '../rivals/rival.js'
import { KEY_KINDS, newKeyMaker } from '../streams/keys.js'
import { collectGarbage } from './clock.js'

export interface MemoryResult {
  bytesPerEntry: number
  rssBytes: number
  /** Bytes in use, as the library itself says. */
  reported: number | null
}

export async function measureMemory(library: Library, keyKind: number, count: number): Promise<MemoryResult> {
  const kind = KEY_KINDS[keyKind]!
  const make = newKeyMaker(kind)
  collectGarbage()
  const before = process.memoryUsage.rss()
  const shared = library.create({
    keyKind: kind,
    valueKind: 'number',
    keyCount: count,
    counters: false,
    presize: false,
    threads: 1,
    bound: count,
  })
  for (let rank = 0; rank < count; rank++) shared.table.set(make(rank), rank)
  const size = shared.size()
  if (size !== count && size !== -1) throw new Error(`there are ${size} entries, not ${count}`)
  collectGarbage()
  const rssBytes = process.memoryUsage.rss() - before
  const reported = shared.reportedBytes?.() ?? null
  await shared.dispose()
  return { bytesPerEntry: rssBytes / count, rssBytes, reported }
}
