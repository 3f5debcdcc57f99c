// npm run bench:hot: what programs do first with a map, beside what they did before (rows.ts). Each row has a process of its own, in
// a browser a worker, so that none finds code that was made for another. `-- --node=24` measures in another Node, which is fetched
// once from npm, --browser=chromium or --browser=firefox in a browser of this machine; part of a row's name chooses rows;
// --rounds=5 for a quick look; --write puts the table into docs/SPEED.md, for what has a place there.
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { BrowserName } from '../browsers/programs.js'
import { nodeOf } from '../harness/node.js'
import type { StartCounting } from './counting.js'
import { writeTable } from './document.js'
import { type Measuring, openBrowser } from './in-browser.js'
import { type Found, measure } from './measure.js'
import { ROWS } from './rows.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string' },
    browser: { type: 'string' },
    row: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    write: { type: 'boolean' },
  },
})
const ROUNDS = Number(values.rounds)

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

async function main(): Promise<void> {
  if (values.row) {
    const found = await measure(ROWS[Number(values.row)]!, ROUNDS, startCounting)
    process.stdout.write(JSON.stringify(found), () => process.exit()) // a worker may be at work
    return
  }
  const { browser } = values
  const measuring = browser === undefined ? openNode() : await openBrowser(nameOf(browser))
  try {
    await tellAll(positionals[0] ?? '', measuring, browser)
  } finally {
    await measuring.close()
  }
}

async function startCounting(counting: Parameters<StartCounting>[0]): Promise<void> {
  const worker = new Worker(new URL('./counting.worker.js', import.meta.url), { workerData: counting })
  await once(worker, 'message')
  worker.unref()
}

async function tellAll(part: string, { version, measure }: Measuring, browser: string | undefined): Promise<void> {
  console.log(`${version}; ns for each operation, medians of ${ROUNDS} rounds\n`)
  console.log(`${''.padEnd(36)}${['tophash', 'other', 'ratio', 'target'].map((head) => head.padStart(9)).join('')}`)
  const lines: string[] = []
  for (const [index, row] of ROWS.entries()) {
    if (!row.name.includes(part)) continue
    const { ours, theirs, ratio } = await measure(index, ROUNDS)
    const figures = [ours.toFixed(1), theirs.toFixed(1), ratio.toFixed(2), row.target.toFixed(2)]
    console.log(`${row.name.padEnd(36)}${figures.map((text) => text.padStart(9)).join('')}`)
    lines.push(`| ${[row.name, ...figures.slice(0, 3)].join(' | ')} |`)
  }
  if (values.write) writeTable(version, browser ?? /v(\d+)/.exec(version)![1]!, ROUNDS, lines)
}

function nameOf(browser: string): BrowserName {
  if (browser === 'chromium' || browser === 'firefox') return browser
  throw new Error(`--browser is chromium or firefox, not ${browser}`)
}

/** This Node, or the one that was asked for. */
function openNode(): Measuring {
  const node = values.node ? nodeOf(values.node) : process.execPath
  return {
    version: `Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`,
    measure: async (index, rounds) => inProcess(node, index, rounds),
    close: async () => {},
  }
}

function inProcess(node: string, index: number, rounds: number): Found {
  const own = ['--row', String(index), '--rounds', String(rounds)]
  const { stdout, status, stderr } = spawnSync(node, [...process.execArgv, process.argv[1]!, ...own], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${ROWS[index]!.name}: ${stderr}`)
  return JSON.parse(stdout) as Found
}
