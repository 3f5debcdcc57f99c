// Plants each bug in a copy of the sources and runs the test that is to notice it. All of them, and with --find=<file> the
// tests of that file that notice a bug:
//
//     npm run planted [-- <part of a name> ...] [--jobs=2] [--find=test/...]
//
// A bug that survives is tried again with other seeds, twice at most, and the line says so: what is caught by chance is to be
// decided by a schedule.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bug } from './bug.js'
import { BUGS } from './bugs.js'
import { type Trial, tryTest, tryTests, tryUntilRed } from './trial.js'
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
  const seconds = await trySound()
  // Those first whose tests take longest, so that no job is left alone with one of them at the end.
  const bugs = [...chosen].sort((one, other) => seconds.get(String(other.test))! - seconds.get(String(one.test))!)
  console.log(`${bugs.length} bugs:`)
  const lines: Line[] = []
  await share(bugs, async (bug, workshop) => {
    const trial = await plantAndTry(bug, workshop, tryUntilRed)
    const isCaught = trial.outcome === 'red'
    lines.push({ bug, trial, isCaught })
    print({ bug, trial, isCaught })
  })
  const survivors = lines.filter(({ isCaught }) => !isCaught)
  const late = lines.filter(({ isCaught, trial }) => isCaught && trial.tries > 1)
  console.log(`\n${lines.length - survivors.length} of ${lines.length} bugs caught, ${late.length} of them not at the first try.`)
  for (const { bug } of late) console.log(`By chance: ${bug.name}`)
  if (survivors.length > 0) fail(`Survived: ${survivors.map(({ bug }) => bug.name).join('; ')}`)
}

/** Whether the sound sources pass all these tests, those of a file in one run. How long each takes. */
async function trySound(): Promise<Map<string, number>> {
  const files = new Map(chosen.map(({ test: [file] }) => [file, chosen.filter(({ test }) => test[0] === file)]))
  const mostFirst = [...files].sort(([, some], [, others]) => others.length - some.length)
  const seconds = new Map<string, number>()
  await share(mostFirst, async ([file, bugs], { folder }) => {
    const names = new Set(bugs.map(({ test }) => test[1]))
    for (const [name, trial] of await tryTests(folder, file, [...names])) {
      const { outcome, failures } = trial
      if (outcome !== 'green') fail(`On sound sources "${name}" of ${file} is ${outcome}. ${failures.join('\n')}`)
      seconds.set(String([file, name]), trial.seconds)
    }
  })
  console.log(`${seconds.size} tests pass on sound sources.`)
  return seconds
}

/** A bug that the compiler notices is none that a test has caught. */
async function plantAndTry(bug: Bug, workshop: Workshop, attempt: typeof tryTest): Promise<Trial> {
  try {
    return await workshop.with(bug, () => attempt(workshop.folder, ...bug.test))
  } catch (error) {
    return { outcome: 'unbuilt', seconds: 0, tries: 1, failures: [String((error as Error).message).slice(0, 500)] }
  }
}

function print({
  bug: {
    name,
    test: [file, test],
  },
  trial: { outcome, seconds, failures, tries },
  isCaught,
}: Line): void {
  const attempts = ['', ' at the 2nd try', ' at the 3rd try'][tries - 1]
  const verdict = isCaught ? `caught${attempts}` : `SURVIVED (${outcome}${attempts})`
  console.log(
    `${verdict.padEnd(8)} ${name.padEnd(64)} ${seconds.toFixed(0).padStart(3)} s  ${file.replace(/^test\//, '')}: ${test}`,
  )
  if (outcome === 'unbuilt') console.log(failures.join('\n'))
}

/** Says which tests of a file notice the chosen bugs. */
async function find(file: string): Promise<void> {
  await share(chosen, async (bug, workshop) => {
    const { outcome, failures } = await plantAndTry({ ...bug, test: [file, ''] }, workshop, tryTest)
    console.log(`${bug.name}: ${outcome}${failures.map((failure) => `\n    ${failure.slice(0, 300)}`).join('')}`)
  })
}

/** Does something for each item: one in each workshop at a time. */
async function share<T>(items: readonly T[], action: (item: T, workshop: Workshop) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    workshops.map(async (workshop) => {
      for (const item of queue) await action(item, workshop)
    }),
  )
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
