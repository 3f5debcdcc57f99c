// Which characters a map tells its strings apart by, and when it chooses others.
import { describe, expect, it } from 'vitest'
import { Sample } from '../../src/codecs/hot-sample.js'

describe('the characters that choose the places of a map’s strings', () => {
  it('stay the last four, if no others are better', () => {
    const sample = new Sample(1)
    for (let i = 0; i < 5000; i++) expect(sample.learn(`user:${i}`, `user:${i + 1}`)).toBe(false)
  })

  it('become those by which strings differ that were alike, and those by which pairs of them do', () => {
    const sample = new Sample(1)
    const textOf = (i: number, field: string): string => `user:${i}:${field}:version-1`
    let i = 1000
    while (!sample.learn(textOf(i, 'mail'), textOf(i, 'name'))) expect(i++).toBeLessThan(2000)
    const mixes = new Set<number>()
    for (let i = 1000; i < 1100; i++) for (const field of ['mail', 'name']) mixes.add(sample.mixOf(textOf(i, field)))
    expect(mixes.size).toBeGreaterThan(190)
  })

  it('are chosen now and then only', () => {
    const sample = new Sample(1)
    let changes = 0
    for (let i = 0; i < 100_000; i++) {
      // What tells them apart is always another position.
      const [begin, end] = ['x'.repeat(5 + 3 * changes), 'x'.repeat(60 - 3 * changes)]
      if (sample.learn(`${begin}${i}${end}`, `${begin}${i + 1}${end}`)) changes++
    }
    expect(changes).toBeGreaterThan(3)
    expect(changes).toBeLessThan(12)
  })
})
