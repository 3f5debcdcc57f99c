// What heaps take of the address space: when it can come back, and what to do where there is little of it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import { collectGarbage } from '../support/garbage.js'

const onLinux = process.platform === 'linux'

describe.runIf(onLinux)('heaps that were disposed of', () => {
  it('can be collected in the same job: nothing of ours keeps their memory until the event loop turns', () => {
    const before = addressSpace()
    for (let n = 0; n < 30; n++) useTwo(n)
    const taken = addressSpace() - before
    for (let n = 0; n < 3; n++) collectGarbage()
    expect(addressSpace() - before).toBeLessThan(taken / 4)
  })
})

/** Makes a map with a heap of its own, and a heap with a map in it; uses them, and lets go of them. */
function useTwo(n: number): void {
  const [map, heap] = [new SharedMap([['ann', 1]]), new SharedHeap()]
  using attached = SharedMap.attach<string, number>(map.handle)
  using named = heap.map('map').set(n, [...map])
  expect([attached.size, named.size, heap.names()]).toEqual([1, 1, ['map']])
  map.dispose()
  heap.dispose()
}

/** Bytes of address space that this process has. */
function addressSpace(): number {
  return Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
}

describe.runIf(onLinux)('where there is little address space', () => {
  it('a smaller maxBytes does not help in Node; what the error says does', () => {
    const error = runLimited('')
    expect(error).toContain('ERR_OUT_OF_MEMORY: The runtime has no address space left for a heap of up to 1048576 bytes.')
    const flag = /started with (--[\w-]+)/.exec(error)![1]!
    expect(runLimited(flag)).toBe('3 maps\n')
  }, 60_000)
})

/** What a program says that makes three maps in 6 GB. */
function runLimited(flag: string): string {
  const program = `
    const { SharedMap } = await import(${JSON.stringify(import.meta.resolve('../../dist/index.js'))})
    try {
      const maps = [1, 2, 3].map((n) => new SharedMap([[n, n]], { maxBytes: 1 << 20 }))
      console.log(maps.length + ' maps')
    } catch (error) {
      console.log(error.code + ': ' + error.message)
    }`
  const limited = 'ulimit -v 6000000 && exec "$@"'
  const args = ['-c', limited, 'sh', process.execPath, ...(flag ? [flag] : []), '--input-type=module', '--eval', program]
  return spawnSync('sh', args, { encoding: 'utf8' }).stdout
}
