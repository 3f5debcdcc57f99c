// npm run bench:queue: what queues between threads cost, all contenders in turns in one run; medians of the rounds. Prints tables; with
// --write they go into docs/QUEUE.md. --rounds=N, --warmup=N, --percent=N of the items, --hops=N, --only=queue,post,..., --kinds=numbers,...,
// --shapes=1: less.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { replaceMarked } from '../charts/marks.js'
import { complainOf, describeEnvironment } from '../harness/environment.js'
import { ROOT } from '../rivals/packages.js'
import { CONTENDERS, type Contender, type Name } from './contenders.js'
import { KINDS, worthOfAll } from './items.js'
import { lacking, NATIVES, type NativeName, startNativePair, startNativeTeam } from './native.js'
import { type Findings, hopTable, raceName, SHAPES, targetLines, throughputTable } from './table.js'
import { type Pair, type Race, startPair, startTeam, type Team } from './team.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    warmup: { type: 'string', default: '2' },
    hops: { type: 'string', default: '20000' },
    only: { type: 'string' },
    percent: { type: 'string', default: '100' },
    kinds: { type: 'string', default: KINDS.join() },
    shapes: { type: 'string', default: SHAPES.join() },
    write: { type: 'boolean', default: false },
  },
})
const ROUNDS = Number(values.rounds)
const HOPS = Number(values.hops)
const WARM_UP = Number(values.warmup)

const isNative = (name: string): name is NativeName => name in NATIVES
const names = [...Object.keys(CONTENDERS), ...Object.keys(NATIVES)] as (Name | NativeName)[]
const wanted = values.only?.split(',') ?? names

const found = new Map<string, Findings>()
for (const name of names) {
  const remedy = wanted.includes(name) ? await remedyFor(name) : 'was not asked for'
  const { title } = isNative(name) ? NATIVES[name] : CONTENDERS[name]
  found.set(name, { title, remedy, rates: new Map(), hops: [] })
}

async function remedyFor(name: Name | NativeName): Promise<string | undefined> {
  return isNative(name) ? await lacking(name) : (CONTENDERS[name] as Contender).remedy?.()
}

/** Those who take part, and what they are for this: nothing if they do not. */
async function startAll<T>(start: (name: Name | NativeName) => Promise<T> | undefined): Promise<Map<string, T>> {
  const all = new Map<string, T>()
  for (const name of names) {
    if (found.get(name)!.remedy) continue
    const one = await start(name)
    if (one) all.set(name, one)
  }
  return all
}

const teamOf = (race: Race) => (name: Name | NativeName) => {
  if (isNative(name)) return startNativeTeam(name, race)
  const { kinds, isManyToMany } = CONTENDERS[name] as Contender
  return kinds.includes(race.kind) && (race.shape === 1 || isManyToMany) ? startTeam(name, race) : undefined
}

async function runRace(race: Race): Promise<void> {
  const label = raceName(race.kind, race.shape)
  const teams = await startAll<Team>(teamOf(race))
  const expected = new Map<number, number>()
  for (const [name] of teams) found.get(name)!.rates.set(label, [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [name, team] of teams) {
      const { ns, items, sum } = await team.round()
      if (!expected.has(items)) expected.set(items, worthOfAll(race.kind, items))
      if (sum !== expected.get(items)) throw new Error(`${name}: the items were worth ${sum}, not ${expected.get(items)}`)
      if (round >= 0)
        found
          .get(name)!
          .rates.get(label)!
          .push(items / (ns / 1e9))
    }
  }
  for (const team of teams.values()) await team.end()
}

async function runHops(): Promise<void> {
  const pairs = await startAll<Pair>((name) => {
    if (isNative(name)) return startNativePair(name)
    return CONTENDERS[name].isHopper ? startPair(name) : undefined
  })
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [name, pair] of pairs) {
      const samples = await pair.hop(HOPS)
      if (round >= 0) found.get(name)!.hops.push(samples)
    }
  }
  for (const pair of pairs.values()) await pair.end()
}

const environment = describeEnvironment()
const complaint = complainOf(environment)
if (complaint) console.error(`bench:queue: ${complaint}`)
for (const shape of SHAPES.filter((one) => values.shapes.includes(`${one}`))) {
  for (const kind of KINDS.filter((one) => values.kinds.includes(one)))
    await runRace({ kind, shape, percent: Number(values.percent) })
}
if (HOPS > 0) await runHops()

const all = [...found.values()].filter(({ remedy }) => remedy !== 'was not asked for')
const where = `${environment.runtime}; ${environment.processor}, ${environment.cores} cores`
const head = `${where}; medians of ${ROUNDS} interleaved rounds${complaint ? ', on a loaded machine' : ''}.`
const text = `${head}\n\n${throughputTable(all)}\n\n${hopTable(all)}`
console.log(`${text}\n\n${targetLines((name) => found.get(name)!).join('\n')}`)
if (values.write) {
  const file = path.join(ROOT, 'docs/QUEUE.md')
  writeFileSync(file, replaceMarked(readFileSync(file, 'utf8'), file, new Map([['table-queue', text]])).text)
}
process.exit(0) // threads that spin for items that never come would keep it
