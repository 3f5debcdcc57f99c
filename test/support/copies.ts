import type { SharedMapConstructor } from '../../src/index.js'

/**
 * Loads one more copy of the library into this thread. Each copy has bindings of its own, so to a heap it is another
 * thread: with a slot, free lists and counters of its own. That makes what several threads do one after the other
 * replayable.
 */
export async function anotherCopy(name: string): Promise<{ SharedMap: SharedMapConstructor }> {
  const url = new URL(`../../dist/index.js?copy=${name}`, import.meta.url)
  return (await import(/* @vite-ignore */ url.href)) as { SharedMap: SharedMapConstructor }
}
