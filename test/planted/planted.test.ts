// The list of planted bugs fits the sources. That each is caught: npm run planted.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { plant } from './bug.js'
import { BUGS } from './bugs.js'

const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

describe('planted bugs', () => {
  it('are many, and have names of their own', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(30)
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length)
  })

  it.each(BUGS.map((bug) => [bug.name, bug] as const))('fits the sources: %s', (_, bug) => {
    expect(plant(bug, read(bug.file))).not.toBe(read(bug.file))
  })

  it('does not fit if its text is not there, or more than once', () => {
    const bug = { ...BUGS[0]!, replace: 'ab', by: 'c' }
    expect(plant(bug, '1 ab 2')).toBe('1 c 2')
    expect(() => plant(bug, '1 2')).toThrow('0 times')
    expect(() => plant(bug, 'ab ab')).toThrow('2 times')
  })
})
