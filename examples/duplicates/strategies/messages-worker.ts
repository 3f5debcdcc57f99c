// Reads files, asks the owner of each fingerprint which place stands for it, and answers what the others ask.
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import { claimIndices } from '../../common/workers.js'
import { countDone, meet } from '../job.js'
import { fingerprint } from '../phrases.js'
import type { MessagesJob } from './messages.js'
import { Places } from './stand.js'
import { transferOf, type Found } from './strategy.js'

/** Fingerprints and their places, or, as an answer, the places that stand for them. */
type Message = { prints: Float64Array; places: Float64Array } | { stands: Float64Array }

/** Fingerprints in a message. */
const BATCH = 4096

const job = workerData as MessagesJob
const { me, ports } = job
const workers = ports.length
const owned = new Places()
const found: Found = { indices: [], stands: [] }

/** To each of the workers: what is to be asked next. */
const questions = ports.map(newQuestions)
/** From each of them, in the order of the questions. */
const answers: Float64Array[][] = ports.map(() => [])

for (const index of claimIndices(job)) {
  const prints = fingerprint(job, index)
  for (let n = 0; n < prints.length; n++) askOwner(prints, n, job.places[index]! + n)
  found.indices.push(index)
  found.stands.push(prints)
  ports.forEach(receiveAll)
}
ports.forEach((_, owner) => ask(owner))
meet(job, 0, workers) // all is asked
ports.forEach(receiveAll)
meet(job, 1, workers) // all is answered
ports.forEach(receiveAll)
const answerOf = answers.map(inOrder)
found.stands.forEach(fillIn)
parentPort!.postMessage(found, transferOf(found))
for (const port of ports) port?.close()

function newQuestions() {
  return { prints: new Float64Array(BATCH), places: new Float64Array(BATCH), size: 0 }
}

function ownerOf(print: number): number {
  return (print >>> 0) % workers
}

/** What this worker owns itself needs no question: for that the place is there at once, in place of the fingerprint. */
function askOwner(prints: Float64Array, n: number, place: number): void {
  const print = prints[n]!
  const owner = ownerOf(print)
  if (owner === me) {
    prints[n] = owned.stand(print, place)
    return
  }
  prints[n] = -1 - owner // to be filled in
  const question = questions[owner]!
  question.prints[question.size] = print
  question.places[question.size] = place
  if (++question.size === BATCH) ask(owner)
}

function ask(owner: number): void {
  const { prints, places, size } = questions[owner]!
  questions[owner] = newQuestions()
  if (size > 0) post(ports[owner]!, { prints: prints.subarray(0, size), places }, [prints.buffer, places.buffer])
}

function receiveAll(port: MessagePort | undefined, from: number): void {
  for (let message = port && receive(port); message; message = receive(port!)) {
    if ('stands' in message) answers[from]!.push(message.stands)
    else answer(port!, message)
  }
}

function answer(port: MessagePort, { prints, places }: { prints: Float64Array; places: Float64Array }): void {
  for (let i = 0; i < prints.length; i++) prints[i] = owned.stand(prints[i]!, places[i]!)
  post(port, { stands: prints }, [prints.buffer])
}

function receive(port: MessagePort): Message | undefined {
  return (receiveMessageOnPort(port) as { message: Message } | undefined)?.message
}

function post(port: MessagePort, message: Message, transfer: ArrayBufferLike[]): void {
  port.postMessage(message, transfer as ArrayBuffer[])
}

/** One answer after the other. */
function inOrder(batches: Float64Array[]): () => number {
  let [batch, next] = [0, 0]
  return () => {
    if (next === batches[batch]!.length) [batch, next] = [batch + 1, 0]
    return batches[batch]![next++]!
  }
}

function fillIn(stands: Float64Array): void {
  for (let n = 0; n < stands.length; n++) {
    const owner = -1 - stands[n]!
    if (owner >= 0) stands[n] = answerOf[owner]!()
  }
  countDone(job)
}
