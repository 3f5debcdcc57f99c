import { setTimeout as sleep } from 'node:timers/promises'

/** What a promise has come to when all that was due before has been done. */
export async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  await sleep(0)
  return Promise.race([promise, Promise.resolve('pending')])
}
