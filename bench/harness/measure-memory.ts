// What an entry costs in memory: in a new process each time, because none gives back all that it once had.
import path from 'node:path'
import { writePlan } from '../streams/files.js'
import { KEY_KINDS, type KeyKind } from '../streams/keys.js'
import type { Plan } from '../streams/plan.js'
import type { Variant } from '../workloads/workload.js'
import type { Contender } from './contenders.js'
import { ContenderProcess, type MemoryAnswer } from './contender-process.js'
import type { ContenderResult } from './results.js'
import { spreadOf } from './statistics.js'

interface Sample extends MemoryAnswer {
  version: string
}

export async function measureMemory(
  contenders: readonly Contender[],
  { keys, size }: Variant,
  rounds: number,
  folder: string,
  onRound: (round: number) => void,
): Promise<ContenderResult[]> {
  const plan = path.join(folder, 'plan')
  writePlan(plan, EMPTY)
  const samples = contenders.map((): Sample[] => [])
  for (let round = 1; round <= rounds; round++) {
    onRound(round)
    for (const [index, contender] of contenders.entries()) samples[index]!.push(await takeSample(contender, plan, keys, size))
  }
  return contenders.map((contender, index) => resultOf(contender, samples[index]!, size))
}

/** A contender says its version when it has loaded a plan, whatever that is. */
const EMPTY: Plan = {
  keyKind: 'number',
  valueKind: 'number',
  keyCount: 1,
  prefill: 0,
  threads: 1,
  counters: false,
  background: false,
  presize: false,
  sampleEvery: 1,
  loops: 1,
  bound: 0,
  streams: [new Uint32Array(0)],
}

async function takeSample(contender: Contender, plan: string, keys: KeyKind, size: number): Promise<Sample> {
  const process = new ContenderProcess(contender.title, contender.program)
  try {
    const { version } = await process.load(plan)
    const answer = await process.memory(KEY_KINDS.indexOf(keys), size)
    await process.quit()
    return { version, ...answer }
  } finally {
    process.kill()
  }
}

function resultOf({ name, title, notes }: Contender, rounds: Sample[], size: number): ContenderResult {
  const samples = rounds.map(({ bytesPerEntry }) => bytesPerEntry)
  const { version, reported } = rounds[0]!
  return {
    rival: name,
    title,
    version,
    threads: 1,
    notes: [...notes],
    samples,
    bytesPerEntry: spreadOf(samples),
    ...(reported !== null && { reportedPerEntry: reported / size }),
  }
}
