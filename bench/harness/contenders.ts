// Who can take part on this machine, and how each is started.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildNative, remedyOf } from '../native/build.js'
import { NATIVE_RIVALS, type NativeRival } from '../native/rivals.js'
import { RIVALS, nameOfBuild } from '../rivals/index.js'
import { HOW_TO_INSTALL, isInstalled } from '../rivals/packages.js'
import { LOAD } from '../streams/plan.js'
import type { Demand, Rival } from '../rivals/rival.js'
import type { Program } from './contender-process.js'

export interface Contender {
  /** On the command line. */
  name: string
  /** In tables. */
  title: string
  program: Program
  slow: boolean
  /** One thread executes the streams of all. */
  alone: boolean
  /** It can say what its map does. */
  records: boolean
  /** Whether it is a cache: see Rival. */
  caches: Rival['caches']
  notes: readonly string[]
  /** Says why it does not take part, or nothing. */
  refuses(demand: Demand): string | undefined
}

export interface Skipped {
  rival: string
  reason: string
  remedy?: string
}

/** The name, in reports, of the build that tophash is compared with. */
export const OTHER_BUILD = 'against'

export const RIVAL_NAMES: readonly string[] = [...RIVALS.map(({ name }) => name), ...NATIVE_RIVALS.map(({ name }) => name)]

const MAIN = fileURLToPath(new URL('../contender/main.js', import.meta.url))

/** In the order of tables. Another build of the library comes second, by the URL of its index.js. */
export async function gatherContenders(
  names: readonly string[],
  against: string | undefined,
  onBuild: (text: string) => void = () => {},
): Promise<{ contenders: Contender[]; skipped: Skipped[] }> {
  const contenders: Contender[] = []
  const skipped: Skipped[] = []
  for (const name of names) {
    const found = await gather(name, onBuild)
    if ('program' in found) contenders.push(found)
    else skipped.push(found)
    if (name === names[0] && against) contenders.push(otherBuild(against))
  }
  return { contenders, skipped }
}

async function gather(name: string, onBuild: (text: string) => void): Promise<Contender | Skipped> {
  const rival = RIVALS.find((known) => known.name === name)
  if (!rival) return gatherNative(NATIVE_RIVALS.find((known) => known.name === name)!, onBuild)
  if (!rival.package || isInstalled(rival.package)) return contenderFrom(rival, rival.name)
  return { rival: name, reason: `the package ${rival.package} is not installed`, remedy: HOW_TO_INSTALL }
}

async function gatherNative(
  { name, title, language, caches }: NativeRival,
  onBuild: (text: string) => void,
): Promise<Contender | Skipped> {
  const program = await buildNative(language, onBuild)
  if (!program) return { rival: name, reason: 'its toolchain is not there', remedy: remedyOf(language) }
  const { command, args } = program
  return {
    name,
    title,
    slow: false,
    alone: false,
    records: false,
    caches,
    notes: [],
    program: { command, args: [...args, name] },
    refuses: (demand) => unfit(caches, demand),
  }
}

/** A cache is not measured as a map, nor a map as a cache, but for reads of what is there. */
function unfit(caches: Rival['caches'], { bound, kinds }: Demand): string | undefined {
  if (bound === 0) return caches === 'only' || caches === 'drops' ? 'it is a cache' : undefined
  return caches === undefined && kinds.has(LOAD) ? 'it is no cache' : undefined
}

function contenderFrom(rival: Rival, argument: string): Contender {
  const { name, title, slow = false, records = false, notes = [], operations } = rival
  return {
    name,
    title,
    slow,
    records,
    caches: rival.caches,
    notes,
    alone: rival.threading === 'one',
    program: { command: process.execPath, args: [...process.execArgv, '--expose-gc', MAIN, argument] },
    refuses(demand) {
      const misfit = unfit(rival.caches, demand)
      if (misfit) return misfit
      const lacks = operations && [...demand.kinds].some((kind) => !operations.includes(kind))
      return lacks ? 'it does not have the operations' : rival.refuses?.(demand)
    },
  }
}

function otherBuild(url: string): Contender {
  const tophash = RIVALS[0]!
  return { ...contenderFrom(tophash, nameOfBuild(url)), name: OTHER_BUILD, title: 'other build' }
}
