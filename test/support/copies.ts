import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as library from '../../src/index.js'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))
const COPIES = fileURLToPath(new URL('../../build/copies/', import.meta.url))

/**
 * Loads one more copy of the library into this thread. Each copy has bindings of its own, so to a heap it is another
 * thread: with a slot, free lists and counters of its own. That makes what several threads do one after the other
 * replayable.
 */
export async function anotherCopy(name: string): Promise<typeof library> {
  // Files of its own, for both the entry and what it shares with others; not those of a test that runs beside this one.
  const folder = `${COPIES}${process.pid}-${name}/`
  cpSync(DIST, folder, { recursive: true, filter: (file) => !/\.(d\.ts|wasm)$/.test(file) })
  try {
    return (await import(/* @vite-ignore */ `${folder}index.js`)) as typeof library
  } finally {
    rmSync(folder, { recursive: true })
  }
}
