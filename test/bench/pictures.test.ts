// Pictures of a report, and the figures in them: that they show what the report says. The report is made up.
import { rmSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { afterAll, describe, expect, it } from 'vitest'
import { spreadOut } from '../../bench/charts/draw/lines.js'
import { digits, duration, rate, shortened, spelled } from '../../bench/charts/figures.js'
import { PICTURE_NAMES, PICTURES } from '../../bench/charts/pictures/index.js'
import { makeReport, resultOf } from './charts.report.js'
import { inFolder, newFolder, partOf, withResults, write } from './charts.documents.js'

const LARGEST_SVG = 60_000

/** Throws where it is not well-formed XML. Returns the texts of the elements. */
function parseSvg(svg: string): { texts: string[]; ids: string[] } {
  const texts: string[] = []
  const ids: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('text', (text) => {
    if (text.trim() !== '') texts.push(text)
  })
  parser.on('opentag', ({ attributes }) => {
    if (attributes.id) ids.push(attributes.id.value)
  })
  parser.write(svg).close()
  return { texts, ids }
}

const written = newFolder()
const full = write(written, makeReport())

afterAll(() => rmSync(written, { recursive: true }))

describe('pictures', () => {
  const textsOf = (files: Record<string, string>, name: string): string[] =>
    parseSvg(files[`docs/benchmarks/${name}-light.svg`]!).texts

  it.each(PICTURE_NAMES)('are well-formed, small, named and free of what changes: %s', (name) => {
    for (const theme of ['light', 'dark']) {
      const svg = full.files[`docs/benchmarks/${name}-${theme}.svg`]!
      expect(svg.length).toBeLessThan(LARGEST_SVG)
      expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 720 \d+"[^>]* role="img" aria-labelledby="title description"/)
      const { ids } = parseSvg(svg)
      expect(ids.slice(0, 2)).toEqual(['title', 'description'])
      expect(new Set(ids).size).toBe(ids.length)
      expect(svg).not.toMatch(/NaN|undefined|<style|class=|ecmeta|Infinity|zr\d/)
    }
  })

  it('contain the values', () => {
    const { files } = full
    expect(textsOf(files, 'shared')).toEqual(expect.arrayContaining(['tophash', '5.88', '0.0235', 'Map, one thread: 6.19']))
    expect(textsOf(files, 'store')).toEqual(expect.arrayContaining(['2.44 (0.410 s)', 'Go sync.Map, article', '0.549 (1.82 s)']))
    expect(textsOf(files, 'reads')).toEqual(expect.arrayContaining(['5.88 M', '2.70 M', 'Rust papaya', '90 %']))
    expect(textsOf(files, 'growth')).toEqual(expect.arrayContaining(['9.72 ms', '1.08 µs', 'p99.9']))
    expect(textsOf(files, 'memory')).toEqual(expect.arrayContaining(['26.0', '49.0', 'bytes per entry']))
    expect(textsOf(files, 'threads')).toEqual(expect.arrayContaining(['1 thread', '2 threads', '1.32', '5.88', '4.45 x']))
  })

  it('have a row for each rival, the fastest first, and a panel for each result', () => {
    const chart = PICTURES.ycsb(makeReport())!
    expect(chart.rows).toHaveLength(13)
    expect(chart.panels.map(({ title }) => title)).toEqual(['A', 'B', 'C', 'D', 'F'])
    const rates = chart.panels[0]!.bars.map((bar) => bar!.median)
    expect(rates).toEqual(rates.toSorted((a, b) => b - a))
  })

  it('are left out where the report has nothing, with a message, and are taken away', () => {
    inFolder((folder) => {
      expect(
        write(
          folder,
          withResults((workload) => workload === 'ycsb'),
        ).files,
      ).toHaveProperty('docs/benchmarks/ycsb-light.svg')
      const { messages, files } = write(
        folder,
        withResults((workload) => workload === 'counters'),
      )
      expect(messages).toContain('chart ycsb: left out, the report has no figures for it')
      expect(files).not.toHaveProperty('docs/benchmarks/ycsb-light.svg')
      expect(files).toHaveProperty('docs/benchmarks/counters-dark.svg')
      expect(partOf(files['docs/BENCHMARKS.md']!, 'chart-ycsb')).toBe('_Not measured in this run._')
    })
  })

  it('can be made of a report without results, and of contenders without figures', () => {
    const half = resultOf('counters', { threads: 2, size: 1 }, 300, ['tophash', 'lmdb'])
    const whole = resultOf('counters', { threads: 2, size: 64 }, 300, ['tophash', 'ems'])
    half.contenders[1] = { rival: 'lmdb' }
    inFolder((folder) => {
      const { messages } = write(folder, { ...makeReport(), results: [] })
      expect(messages.filter((line) => line.includes('left out'))).toHaveLength(PICTURE_NAMES.length)
      const texts = textsOf(write(folder, { ...makeReport(), results: [half, whole] }).files, 'counters')
      expect(texts).toContain('not measured')
      expect(texts).not.toContain('lmdb')
    })
  })

  it('keep the names of lines apart', () => {
    const spots = spreadOut([10, 11, 12, 100, 198, 199], 0, 200)
    for (let index = 1; index < spots.length; index++) expect(spots[index]! - spots[index - 1]!).toBeGreaterThanOrEqual(15)
    expect(spots[3]).toBe(100)
    expect(spots.at(-1)).toBe(200)
  })
})

describe('figures', () => {
  it('have three significant digits and a unit that fits', () => {
    expect([0, 0.01234, 0.9999, 1, 12.345, 123.4, 1234.5, 9_999_999].map((value) => digits(value))).toEqual([
      '0',
      '0.0123',
      '1.00',
      '1.00',
      '12.3',
      '123',
      '1,230',
      '10,000,000',
    ])
    expect([1, 999.6, 1500, 2.5e6, 3e9].map(duration)).toEqual(['1.00 ns', '1.00 µs', '1.50 µs', '2.50 ms', '3.00 s'])
    expect([12, 25_400, 999_999, 12_345_678].map(rate)).toEqual(['12.0', '25.4 k', '1.00 M', '12.3 M'])
    expect([1000, 100_000, 1_000_000, 2_500_000, 1234].map(spelled)).toEqual([
      '1 thousand',
      '100 thousand',
      '1 million',
      '2.5 million',
      '1,234',
    ])
    expect(['10.0 M', '1.00 µs', '0.500', '2.50 ms', '100', '1,000 s'].map(shortened)).toEqual([
      '10 M',
      '1 µs',
      '0.5',
      '2.5 ms',
      '100',
      '1,000 s',
    ])
  })
})
