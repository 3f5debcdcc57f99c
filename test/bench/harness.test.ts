// The parts of the benchmark that its figures rest on.
import process from 'node:process'
import { describe, expect, it } from 'vitest'
import { ContenderProcess } from '../../bench/harness/contender-process.js'
import { latencyOf, medianLatency } from '../../bench/harness/percentiles.js'
import { type ContenderResult, compare } from '../../bench/harness/results.js'
import { spreadOf } from '../../bench/harness/statistics.js'

describe('statistics', () => {
  it.each([
    [[5], { median: 5, min: 5, max: 5, deviation: 0 }],
    [[9, 1, 2], { median: 2, min: 1, max: 9, deviation: 1 }],
    [[4, 1, 10, 2], { median: 3, min: 1, max: 10, deviation: 1.5 }],
  ])('of %j', (samples, spread) => {
    expect(spreadOf(samples)).toEqual(spread)
  })

  it('compare within each round', () => {
    const results = compare([resultOf('map', [40, 20, 90]), resultOf('tophash', [10, 20, 30])])
    expect(results.map(({ ratio }) => ratio!.median)).toEqual([3, 1])
    expect(results[0]!.ratio).toMatchObject({ min: 1, max: 4 })
    expect(compare([resultOf('map', [1])])[0]!.ratio).toBeUndefined()
  })
})

describe('latencies', () => {
  it('are percentiles of all that was timed', () => {
    const durations = Uint32Array.from({ length: 1_000 }, (_, i) => i + 1)
    expect(latencyOf(durations)).toEqual({ p50: 500, p90: 900, p99: 990, p999: 999, max: 1000, samples: 1000 })
  })

  it('reach to seconds, with three digits', () => {
    const { p50, max } = latencyOf(Uint32Array.of(50, 100, 3_000_000_000, 4_000_000_000, 2 ** 32 - 1))
    expect(p50 / 3e9).toBeCloseTo(1, 3)
    expect(max / 2 ** 32).toBeCloseTo(1, 3)
  })

  it('of several rounds are medians', () => {
    const rounds = [10, 1_000, 20].map((longest) => latencyOf(Uint32Array.of(5, 5, longest)))
    expect(medianLatency(rounds)).toMatchObject({ p50: 5, max: 20, samples: 3 })
  })
})

describe('the process of a contender', () => {
  const answering = (line: string): ContenderProcess => {
    const code = `process.stdin.on('data', () => console.log(${JSON.stringify(line)})); process.stdin.on('end', () => process.exit(0))`
    return new ContenderProcess('someone', { command: process.execPath, args: ['-e', code] })
  }

  it('answers with a line of JSON, and ends when it is told', async () => {
    const contender = answering('{"ok":true,"rival":"someone","version":"1.2.3"}')
    expect(await contender.load('plan')).toEqual({ ok: true, rival: 'someone', version: '1.2.3' })
    await contender.quit()
    await expect(contender.round(0)).rejects.toThrow('someone ended with exit code 0')
  })

  it.each([
    ['{"error":"no such plan"}', 'someone: no such plan'],
    ['hello', "someone answered 'hello'"],
  ])('that says %s is not believed', async (line, message) => {
    const contender = answering(line)
    await expect(contender.load('plan')).rejects.toThrow(message)
    contender.kill()
  })

  it('that fails is quoted', async () => {
    const args = ['-e', 'console.error("I give up"); process.exit(3)']
    const contender = new ContenderProcess('someone', { command: process.execPath, args })
    await expect(contender.load('plan')).rejects.toThrow(/^someone ended with exit code 3\nI give up$/)
  })

  it('that cannot be started says why', async () => {
    const contender = new ContenderProcess('someone', { command: 'no-such-program', args: [] })
    await expect(contender.load('plan')).rejects.toThrow('no-such-program')
  })
})

function resultOf(rival: string, samples: number[]): ContenderResult {
  return { rival, title: rival, version: '1', threads: 1, notes: [], samples }
}
