// Plants each bug in a copy of the sources and runs the test that is to notice it. All of them, and with --find=<file> the
// tests of that file that notice a bug:
//
//     npm run planted [-- <part of a name> ...] [--jobs=2] [--find=test/...]
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bug } from './bug.js'
import { BUGS } from './bugs.js'
import { type Trial, tryTest } from './trial.js'
import { Workshop } from './workshop.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url)) // from build/test/planted/
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '2' }, find: { type: 'string' } },
})

interface Line {
  readonly bug: Bug
  readonly trial: Trial
  readonly isCaught: boolean
}

const chosen = BUGS.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
if (chosen.length === 0) fail(`No bug has a name with ${positionals.join(' or ')} in it.`)
const jobs = Math.min(Number(values.jobs), chosen.length)
const workshops = await Promise.all(
  Array.from({ length: jobs }, (_, n) => Workshop.open(ROOT, path.join(ROOT, 'build/planted', String(n)))),
)
await (values.find ? find(values.find) : run())
for (const workshop of workshops) workshop.close()

/** Whether the sound sources pass; then each bug. */
async function run(): Promise<void> {
  const tests = new Map(chosen.map(({ test: [file, name] }) => [`${file} ${name}`, [file, name] as const]))
  console.log(`${tests.size} tests on sound sources ...`)
  await share([...tests.values()], async ([file, name], { folder }) => {
    const { outcome } = await tryTest(folder, file, name)
    if (outcome !== 'green') fail(`On sound sources "${name}" of ${file} is ${outcome}, not green.`)
  })
  console.log(`${chosen.length} bugs:`)
  const lines: Line[] = []
  await share(chosen, async (bug, workshop) => {
    const trial = await plantAndTry(bug, workshop)
    const isCaught = trial.outcome === 'red'
    lines.push({ bug, trial, isCaught })
    print({ bug, trial, isCaught })
  })
  const survivors = lines.filter(({ isCaught }) => !isCaught)
  console.log(`\n${lines.length - survivors.length} of ${lines.length} bugs caught.`)
  if (survivors.length > 0) fail(`Survived: ${survivors.map(({ bug }) => bug.name).join('; ')}`)
}

/** A bug that the compiler notices is none that a test has caught. */
async function plantAndTry(bug: Bug, workshop: Workshop): Promise<Trial> {
  try {
    return await workshop.with(bug, () => tryTest(workshop.folder, ...bug.test))
  } catch (error) {
    return { outcome: 'unbuilt', seconds: 0, failures: [String((error as Error).message).slice(0, 500)] }
  }
}

function print({ bug: { name, test: [file, test] }, trial: { outcome, seconds }, isCaught }: Line): void {
  const verdict = isCaught ? 'caught' : `SURVIVED (${outcome})`
  console.log(`${verdict.padEnd(8)} ${name.padEnd(64)} ${seconds.toFixed(0).padStart(3)} s  ${file.replace(/^test\//, '')}: ${test}`)
}

/** Says which tests of a file notice the chosen bugs. */
async function find(file: string): Promise<void> {
  await share(chosen, async (bug, workshop) => {
    const { outcome, failures } = await plantAndTry({ ...bug, test: [file, ''] }, workshop)
    console.log(`${bug.name}: ${outcome}${failures.map((failure) => `\n    ${failure.slice(0, 300)}`).join('')}`)
  })
}

/** Does something for each item: one in each workshop at a time. */
async function share<T>(items: readonly T[], action: (item: T, workshop: Workshop) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(workshops.map(async (workshop) => {
    for (const item of queue) await action(item, workshop)
  }))
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
