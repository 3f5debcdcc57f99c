// The example of the bitset, as a user runs it: built, in a process of its own.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const PROGRAM = path.resolve(import.meta.dirname, '../../build/examples/primes/main.js')
const run = (...options: string[]) => spawnSync(process.execPath, [PROGRAM, ...options], { encoding: 'utf8' })

describe('the example of primes', () => {
  it.each([
    ['1', '2', '0 primes below 1, the last of them 0'],
    ['30', '1', '10 primes below 30, the last of them 29'],
    ['1000000', '3', '78498 primes below 1000000, the last of them 999983'],
  ])('counts those below %s with %s threads', (limit, threads, said) => {
    const { stdout, status } = run(limit, threads)
    expect(stdout.split('\n')[0]).toBe(said)
    expect(status).toBe(0)
  })

  it('says what it takes', () => {
    const { stderr, status } = run('-5')
    expect(stderr).toContain('whole numbers')
    expect(status).toBe(2)
  })
})
