// npm run bench:hot: what programs do first with a map, beside what they did before (rows.ts). Each row has a process of its own, so
// that none finds code that was made for another. `-- --node=24` measures in another Node, which is fetched once from npm; part of
// a row's name chooses rows; --write puts the table into docs/SPEED.md, for versions of Node that have a place there.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import { ROWS, type Round, type Row } from './rows.js'

const ROUNDS = 15
const WARM_UP = 4
const PAGE = 'docs/SPEED.md'
const HEAD = ['|  | tophash | beside | ratio |', '| --- | --: | --: | --: |']

interface Found {
  ours: number
  theirs: number
  ratio: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string' }, row: { type: 'string' }, write: { type: 'boolean' } },
})
if (values.row) {
  process.stdout.write(JSON.stringify(measure(ROWS[Number(values.row)]!)), () => process.exit()) // a worker may be at work
} else {
  tellAll(positionals[0] ?? '', values.node ? nodeOf(values.node) : process.execPath)
}

/** Medians of rounds that take turns, in nanoseconds for each operation; the ratio is that of neighbours. */
function measure({ prepare, operations }: Row): Found {
  const { before, ours, theirs } = prepare()
  const of = (round: Round): number => time(round, before?.() ?? [])
  const rounds = Array.from({ length: WARM_UP + ROUNDS }, () => ({ theirs: of(theirs), ours: of(ours) })).slice(WARM_UP)
  const each = (milliseconds: number): number => (milliseconds * 1e6) / operations
  return {
    ours: each(median(rounds.map((round) => round.ours))),
    theirs: each(median(rounds.map((round) => round.theirs))),
    ratio: median(rounds.map((round) => round.theirs / round.ours)),
  }
}

function time(round: Round, made: string[]): number {
  const begin = performance.now()
  round(made)
  return performance.now() - begin
}

function tellAll(part: string, node: string): void {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`Node ${version}; ns for each operation, medians of ${ROUNDS} rounds\n`)
  console.log(`${''.padEnd(36)}${['tophash', 'other', 'ratio', 'target'].map((head) => head.padStart(9)).join('')}`)
  const lines: string[] = []
  ROWS.forEach((row, index) => {
    if (!row.name.includes(part)) return
    const { ours, theirs, ratio } = inProcess(node, index)
    const figures = [ours.toFixed(1), theirs.toFixed(1), ratio.toFixed(2), row.target.toFixed(2)]
    console.log(`${row.name.padEnd(36)}${figures.map((text) => text.padStart(9)).join('')}`)
    lines.push(`| ${[row.name, ...figures.slice(0, 3)].join(' | ')} |`)
  })
  if (values.write) write(version, lines)
}

/** Puts a table into the page, between the marks of this version. */
function write(version: string, lines: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8')
  const [, name] = /^v(\d+)/.exec(version)!
  const [begin, end] = [`<!-- begin: hot-${name} -->`, `<!-- end: hot-${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for Node ${name}.`)
  const table = [`Node ${version}, ns for each operation, medians of ${ROUNDS} rounds:`, '', ...HEAD, ...lines].join('\n')
  writeFileSync(PAGE, `${page.slice(0, from)}${begin}\n${table}\n${page.slice(to)}`)
}

function inProcess(node: string, index: number): Found {
  const { stdout, status, stderr } = spawnSync(node, [...process.execArgv, process.argv[1]!, '--row', String(index)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${ROWS[index]!.name}: ${stderr}`)
  return JSON.parse(stdout) as Found
}

/** The program of a version of Node, where `npm run test:runtimes` keeps it, too. */
function nodeOf(version: string): string {
  const folder = path.resolve('build/runtimes', `node@${version}`)
  const program = path.join(folder, 'node_modules/.bin/node')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder, stdio: 'inherit' })
  return program
}
