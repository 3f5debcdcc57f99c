// npm run bench -- --targets: the rows of rows.ts, each in a process of its own, so that none finds code that was made for
// another.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { median } from 'simple-statistics'
import { ROWS, type Round, type Row } from './rows.js'

const ROUNDS = 15
const WARM_UP = 4

interface Found {
  ours: number
  theirs: number
  ratio: number
}

if (process.argv[2] === '--row') process.stdout.write(JSON.stringify(measure(ROWS[Number(process.argv[3])]!)))
else tellAll(process.argv[2] ?? '')

/** Medians of rounds that take turns, in nanoseconds for each operation; the ratio is that of neighbours. */
function measure({ prepare, operations }: Row): Found {
  const { ours, theirs } = prepare()
  const rounds = Array.from({ length: WARM_UP + ROUNDS }, () => ({ theirs: time(theirs), ours: time(ours) })).slice(WARM_UP)
  const each = (milliseconds: number): number => (milliseconds * 1e6) / operations
  return {
    ours: each(median(rounds.map((round) => round.ours))),
    theirs: each(median(rounds.map((round) => round.theirs))),
    ratio: median(rounds.map((round) => round.theirs / round.ours)),
  }
}

function time(round: Round): number {
  const begin = performance.now()
  round()
  return performance.now() - begin
}

function tellAll(part: string): void {
  console.log(`Node ${process.version}; ns for each operation, medians of ${ROUNDS} rounds\n`)
  console.log(`${''.padEnd(34)}${['tophash', 'other', 'ratio', 'target'].map((head) => head.padStart(9)).join('')}`)
  ROWS.forEach((row, index) => {
    if (!row.name.includes(part)) return
    const { ours, theirs, ratio } = inProcess(index)
    const figures = [ours.toFixed(1), theirs.toFixed(1), ratio.toFixed(2), row.target.toFixed(2)]
    console.log(`${row.name.padEnd(34)}${figures.map((text) => text.padStart(9)).join('')}`)
  })
}

function inProcess(index: number): Found {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, process.argv[1]!, '--row', String(index)],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`${ROWS[index]!.name}: ${stderr}`)
  return JSON.parse(stdout) as Found
}
