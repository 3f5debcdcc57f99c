// One worker of the benchmark: does what the page commands, one command at a time.
import { SharedMap } from 'tophash'
import { expectedSum, makeKey, shareOf, type Key } from './keys.js'
import type { Access, Answer, Command, Measured, Task } from './protocol.js'
import { openOwn, openShared } from './session-direct.js'
import { openMessage } from './session-message.js'
import { now, type Session } from './session.js'

let keys: Key[] = []
let session: Session | undefined

self.onmessage = async ({ data }: MessageEvent<Command>) => {
  let answer: Answer
  try {
    answer = { ok: true, result: await obey(data) }
  } catch (error) {
    console.error(error) // with its stack, for whoever looks into it
    answer = { ok: false, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
  self.postMessage(answer)
}

function obey(command: Command): unknown {
  switch (command.type) {
    case 'prepare':
      keys = Array.from({ length: command.keyCount }, (_, index) => makeKey(command.kind, index))
      return undefined
    case 'open':
      session = open(command.access)
      return undefined
    case 'measure':
      return measure(command.task)
    case 'check':
      return check(command.handle)
    case 'close':
      session?.close()
      session = undefined
      return undefined
  }
}

function open(access: Access): Session {
  if (access.contender === 'shared') return openShared(access.handle, keys)
  if (access.contender === 'message') return openMessage(access.port, access.inFlight, keys)
  return openOwn(keys)
}

async function measure({ phase, index, workers, milliseconds, seed, gate }: Task): Promise<Measured> {
  if (!session) throw new Error('No map is open in this worker')
  await meet(new Int32Array(gate), workers)
  const started = now()
  if (phase === 'fill') {
    const filled = await session.fill(shareOf(keys.length, index, workers), milliseconds)
    return { started, ...filled, sum: 0, expected: 0 }
  }
  const result = await session.read(seed, milliseconds)
  return { started, ...result, expected: expectedSum(seed, result.operations, keys.length) }
}

/** Blocks, as a worker may, so that all start within microseconds and not as their messages happen to arrive. */
function meet(gate: Int32Array, workers: number): void {
  if (Atomics.add(gate, 0, 1) + 1 === workers) {
    Atomics.notify(gate, 0)
    return
  }
  for (let arrived = Atomics.load(gate, 0); arrived < workers; arrived = Atomics.load(gate, 0)) {
    Atomics.wait(gate, 0, arrived)
  }
}

/** Walks the whole table; a worker does it because it takes too long for the page's main thread. */
function check(handle: unknown): number {
  const map = SharedMap.attach<Key, number>(handle)
  try {
    map.check()
    const seen = new Set<Key>(map.keys())
    if (seen.size !== map.size) throw new Error(`${seen.size} different keys were visited, but size is ${map.size}`)
    return seen.size
  } finally {
    map.dispose()
  }
}
