// Tables and documents of a report: that they say what the report says, and change nothing else. Pictures: pictures.test.ts.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDocuments } from '../../bench/charts/document.js'
import { replaceMarked } from '../../bench/charts/marks.js'
import { readArguments } from '../../bench/charts/options.js'
import { PICTURE_NAMES } from '../../bench/charts/pictures/index.js'
import type { Report } from '../../bench/charts/report.js'
import { comparisonsOf, lossTable, nativeLossTable, summaryTable } from '../../bench/charts/tables/losses.js'
import { resultTables } from '../../bench/charts/tables/results.js'
import { isFull } from '../support/size.js'
import { makeReport } from './charts.report.js'
import { ROOT, filesOf, inFolder, newFolder, partOf, withResults, write } from './charts.documents.js'

const written = newFolder()
const full = write(written, makeReport())

afterAll(() => rmSync(written, { recursive: true }))

describe('the documents', () => {
  it('get what the report says in their marked parts, and keep the rest', () => {
    const before = readFileSync(path.join(ROOT, 'docs/BENCHMARKS.md'), 'utf8')
    const { 'docs/BENCHMARKS.md': after = '', 'README.md': readme = '' } = full.files
    const withoutParts = (text: string): string => text.replace(/(<!-- begin: .+ -->\n)[\s\S]*?(\n<!-- end)/g, '$1$2')
    expect(withoutParts(after)).toBe(withoutParts(before))
    expect(after).not.toContain('Not measured in this run')
    expect(readme).toMatch(
      /^# Read me\n\n<!-- begin: chart-shared -->\n<picture>[\s\S]+<\/picture>\n<!-- end: chart-shared -->\n\nby hand\n$/,
    )
    expect(readme).toContain('src="docs/benchmarks/shared-light.svg"')
    expect(after).toContain('srcset="benchmarks/shared-dark.svg"')
  })

  it('refer to pictures that are there, and to all of them', () => {
    const referred = [...full.files['docs/BENCHMARKS.md']!.matchAll(/(?:src|srcset)="(.+?)"/g)].map(
      (match) => `docs/${match[1]!}`,
    )
    const there = Object.keys(full.files).filter((name) => name.endsWith('.svg'))
    expect(referred.sort()).toEqual(there.sort())
    expect(there).toHaveLength(PICTURE_NAMES.length * 2)
  })

  it.runIf(isFull)('do not change when it is done again, from the copy of the report', () => {
    writeDocuments({ report: path.join(written, 'docs/benchmarks/report.json'), out: path.join(written, 'docs') })
    expect(filesOf(written)).toEqual(full.files)
  })

  it('come with the report and its samples', () => {
    const kept = JSON.parse(full.files['docs/benchmarks/report.json']!) as Report
    expect(kept.results[0]!.contenders[0]!.samples).toHaveLength(5)
    expect(kept.results).toHaveLength(makeReport().results.length)
  })
})

describe('tables', () => {
  const tableOf = (name: string): string => partOf(full.files['docs/BENCHMARKS.md']!, `table-${name}`)

  it('say the seconds for a million keys beside the published ones', () => {
    expect(tableOf('store')).toContain('| tophash | 0.410 s | 0.381 s to 0.459 s |  |')
    expect(tableOf('store')).toContain('| Map + postMessage | 103 s | 95.3 s to 115 s | stopped after 20,000, scaled up |')
    expect(tableOf('store')).toContain('| _Go sync.Map, as published_ | _1.82 s_ |')
    expect(tableOf('store')).toContain('| _Go map + RWMutex, as published_ | _2.05 s_ |')
  })

  it('say throughput and p99 at each share of reads', () => {
    expect(tableOf('reads')).toContain('|  | 0 % reads | 50 % reads | 90 % reads | 100 % reads |')
    expect(tableOf('reads')).toContain(
      '| tophash | 2.53 M/s, 1.58 µs | 2.70 M/s, 1.48 µs | 5.88 M/s, 680 ns | 2.90 M/s, 1.38 µs |',
    )
  })

  it('say the time for ten million keys', () => {
    expect(tableOf('ten-million')).toContain('|  | insert | look up |')
    expect(tableOf('ten-million')).toContain('| tophash | 0.500 s, 500 ns | 0.525 s, 525 ns |')
  })

  it('say how many times as fast as a locked map each is', () => {
    expect(tableOf('locked')).toContain('| tophash | 5.26 M/s | 1.60 x |')
    expect(tableOf('locked')).toContain('| Go map + RWMutex | 3.29 M/s | 1.00 x |')
    expect(tableOf('locked')).toContain('_3.70 x_')
  })

  it('have a row for each contender of each variant', () => {
    const rows = tableOf('results')
      .split('\n')
      .filter((line) => /^\| (?!---| {1,2}\|)/.test(line))
    expect(rows).toHaveLength(makeReport().results.reduce((sum, { contenders }) => sum + contenders.length, 0))
    expect(rows).toContain('| lmdb | 174 k/s | 156 k to 187 k | 5.74 µs | 14.0 x (13.0 to 15.7) | 5.74 µs, 23.0 µs, 51.7 ms |  |')
  })

  it('take each figure from the report', () => {
    const before = withResults((workload) => workload === 'seed-store')
    const after = structuredClone(before)
    for (const { nanoseconds } of after.results[0]!.contenders) nanoseconds!.median *= 2
    expect(resultTables(before)).toContain('2.44 M/s')
    expect(resultTables(after)).toContain('1.22 M/s')
    expect(resultTables(after)).not.toContain('2.44 M/s')
  })

  it('list every loss, the worst first, and count them', () => {
    const report = makeReport()
    const losses = comparisonsOf(report).filter(({ ratio }) => ratio.median < 1)
    const rowsOf = (text: string): string[] => text.split('\n').filter((line) => /^\| (?!workload|---)/.test(line))
    const [inScript, native] = [rowsOf(lossTable(report)), rowsOf(nativeLossTable(report))]
    expect(inScript.length + native.length).toBe(losses.length)
    expect(inScript[0]).toContain(
      '| seed-10m | insert, keys: strings seen before, 10 million entries, 2 threads | set of bits | 20.0 x |',
    )
    expect(inScript.at(-1)).toContain('| Map, one thread | 1.05 x |')
    expect(native[0]).toContain('| Rust dashmap | 3.03 x |')
    expect(native.at(-1)).toContain('| Go sharded map | 1.92 x |')
    const [, , ...summary] = summaryTable(report).split('\n')
    const counts = summary.map((row) => row.split('|').slice(2, -1).map(Number))
    for (const [all, ...parts] of counts) expect(parts.reduce((sum, count) => sum + count, 0)).toBe(all)
    expect(counts.at(-1)![0]).toBe(comparisonsOf(report).length)
    expect(counts.at(-1)![3]! + counts.at(-1)![4]!).toBe(losses.length)
  })

  it('say what was skipped and on what was measured', () => {
    expect(tableOf('environment')).toContain('| processor | made up by a test |')
    expect(tableOf('environment')).toContain('| load average | 0, 0, 0 |')
    expect(tableOf('environment')).toContain('Skipped: boost: it is not there; get it')
  })
})

describe('marks', () => {
  const parts = new Map([
    ['one', 'new\nlines'],
    ['two', '2'],
  ])

  it('are replaced between, and may be given several times', () => {
    const text = 'a\n<!-- begin: one -->\nx\n\ny\n<!-- end: one -->\nb\n<!-- begin: two -->\n<!-- end: two -->'
    expect(replaceMarked(text, 'f', parts)).toEqual({
      text: 'a\n<!-- begin: one -->\nnew\nlines\n<!-- end: one -->\nb\n<!-- begin: two -->\n2\n<!-- end: two -->',
      names: ['one', 'two'],
    })
  })

  it.each([
    ['<!-- begin: one -->', /f: 'one' begins and does not end/],
    ['<!-- end: one -->', /f, line 1: 'one' ends and did not begin/],
    ['<!-- begin: one -->\n<!-- begin: two -->', /f, line 2: 'one' has to end before 'two' begins/],
    ['<!-- begin: one -->\n<!-- end: two -->', /'one' has to end before 'two' ends/],
    ['<!-- begin: three -->\n<!-- end: three -->', /nothing is called 'three'; there are one, two/],
  ])('have to match: %j', (text, message) => {
    expect(() => replaceMarked(text, 'f', parts)).toThrow(message)
  })
})

describe('what is refused', () => {
  it.each([
    ['{', /report\.json is not JSON/],
    ['{"results": 1}', /is not a report of the benchmark:[\s\S]*at environment/],
    [JSON.stringify({ ...makeReport(), results: [{ workload: 'x' }] }), /at results\[0\]\.title/],
  ])('a report that is none: %.20s', (text, message) => {
    inFolder((folder) => {
      expect(() => write(folder, text)).toThrow(message)
      expect(existsSync(path.join(folder, 'docs/benchmarks'))).toBe(false)
    })
  })

  it('a document with wrong marks, before anything is written', () => {
    inFolder((folder) => {
      writeFileSync(path.join(folder, 'README.md'), '<!-- begin: chart-of-nothing -->\n<!-- end: chart-of-nothing -->')
      const results = path.join(folder, 'docs/BENCHMARKS.md')
      const before = readFileSync(results, 'utf8')
      expect(() => write(folder, makeReport())).toThrow("nothing is called 'chart-of-nothing'")
      expect(existsSync(path.join(folder, 'docs/benchmarks'))).toBe(false)
      expect(readFileSync(results, 'utf8') === before, 'the results are as they were').toBe(true)
    })
  })

  it('a folder without documents', () => {
    inFolder((folder) => {
      rmSync(path.join(folder, 'docs/BENCHMARKS.md'))
      expect(() => write(folder, makeReport())).toThrow(/^There is no .*BENCHMARKS\.md$/)
    })
  })
})

describe('on the command line', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(ROOT, 'build/bench/charts/run.js'), ...args], { encoding: 'utf8' })

  it.runIf(isFull)('writes the same as here, and says what', () => {
    inFolder((folder) => {
      writeFileSync(path.join(folder, 'report.json'), JSON.stringify(makeReport()))
      const { status, stdout } = run(path.join(folder, 'report.json'), '--out', path.join(folder, 'docs'))
      expect(status).toBe(0)
      expect(stdout).toContain('chart shared: Million operations a second on one map, 2 threads')
      expect(stdout).toContain(`${path.join(folder, 'README.md')}: 1 parts`)
      expect(filesOf(folder)).toEqual(full.files)
    })
  })

  it('ends with code 2 if that cannot be done', () => {
    const { status, stdout, stderr } = run('missing.json')
    expect(stderr).toBe('bench:charts: There is no missing.json\nTry --help.\n')
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it('takes one report, and a folder', () => {
    expect(readArguments(['a.json'])).toEqual({ report: 'a.json', out: 'docs' })
    expect(readArguments(['--out', 'there', 'a.json'])).toEqual({ report: 'a.json', out: 'there' })
    expect(readArguments(['--help'])).toBe('help')
    expect(() => readArguments([])).toThrow('One report is needed, not 0')
    expect(() => readArguments(['a.json', 'b.json'])).toThrow('One report is needed, not 2')
    expect(() => readArguments(['a.json', '--wrong'])).toThrow("Unknown option '--wrong'")
  })
})
