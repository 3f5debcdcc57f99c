// Who takes part, of JavaScript: what connects the threads, and what each does with its end.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { SharedQueue } from 'tophash'
import { HOW_TO_INSTALL, isInstalled } from '../rivals/packages.js'
import { type Ends, ForAwait, type Link, Many, newRing, OneByOne, Posted, PostedMany, Ring } from './ends.js'
import { KINDS, type Kind } from './items.js'

export const CAPACITY = 1_024

/** What each thread is given: something that can be posted, and what of it is transferred. */
export interface Wiring {
  readonly producers: readonly unknown[]
  readonly consumers: readonly unknown[]
}

export interface Contender {
  readonly title: string
  /** Which it takes. */
  readonly kinds: readonly Kind[]
  /** Whether there can be two at each end. */
  readonly isManyToMany: boolean
  /** Whether items go one by one, so that one can be sent there and back. */
  readonly isHopper: boolean
  /** Items of a round, in thousands: it should take a tenth of a second or more. */
  readonly thousands: number
  /** The consumer makes the producer, and is its parent. */
  readonly isFamily?: boolean
  /** How to get what is missing. */
  readonly remedy?: () => string | undefined
  connect(kind: Kind, producers: number, consumers: number): Wiring
  open(kind: Kind, handle: unknown): Ends
}

/** All threads have the same queue. It is kept here: a queue without a name goes when nobody has it open. */
const queues: SharedQueue<never>[] = []

function connectByQueue(_: Kind, producers: number, consumers: number): Wiring {
  const queue = new SharedQueue<never>({ capacity: CAPACITY })
  queues.push(queue)
  return { producers: Array(producers).fill(queue.handle), consumers: Array(consumers).fill(queue.handle) }
}

/** A channel from each producer to each consumer. */
function connectByChannels(_: Kind, producers: number, consumers: number): Wiring {
  const from = Array.from({ length: producers }, (): MessagePort[] => [])
  const to = Array.from({ length: consumers }, (): MessagePort[] => [])
  for (const froms of from) {
    for (const tos of to) {
      const { port1, port2 } = new MessageChannel()
      froms.push(port1)
      tos.push(port2)
    }
  }
  return { producers: from, consumers: to }
}

/** Each has the other for a parent or a child: see worker.ts. */
const connectByBirth = (): Wiring => ({ producers: [undefined], consumers: [undefined] })

function connectByRing(): Wiring {
  const memory = newRing(CAPACITY)
  return { producers: [memory], consumers: [memory] }
}

const ofRing = {
  kinds: ['numbers'],
  isManyToMany: false,
  connect: connectByRing,
  remedy: () => (isInstalled('ringbuf.js') ? undefined : HOW_TO_INSTALL),
} satisfies Partial<Contender>

const asLinks = (handle: unknown): readonly Link[] => handle as readonly Link[]

export const CONTENDERS = {
  queue: {
    title: '**`SharedQueue`**: `push`, `pop`',
    kinds: KINDS,
    isManyToMany: true,
    isHopper: true,
    thousands: 400,
    connect: connectByQueue,
    open: (kind, handle) => new OneByOne(kind, handle),
  },
  'queue-await': {
    title: '**`SharedQueue`**: `push`, `for await`',
    kinds: KINDS,
    isManyToMany: true,
    isHopper: true,
    thousands: 100,
    connect: connectByQueue,
    open: (kind, handle) => new ForAwait(kind, handle),
  },
  'queue-many': {
    title: '**`SharedQueue`**: `pushMany`, `popMany`, 100 at once',
    kinds: KINDS,
    isManyToMany: true,
    isHopper: false,
    thousands: 1_000,
    connect: connectByQueue,
    open: (kind, handle) => new Many(kind, handle),
  },
  post: {
    title: '`postMessage`',
    kinds: KINDS,
    isManyToMany: false,
    isHopper: true,
    thousands: 60,
    isFamily: true,
    connect: connectByBirth,
    open: (kind, handle) => new Posted(kind, asLinks(handle)),
  },
  'post-many': {
    title: '`postMessage`, arrays of 100',
    kinds: KINDS,
    isManyToMany: false,
    isHopper: false,
    thousands: 400,
    isFamily: true,
    connect: connectByBirth,
    open: (kind, handle) => new PostedMany(kind, asLinks(handle)),
  },
  channel: {
    title: '`MessageChannel`',
    kinds: KINDS,
    isManyToMany: true,
    isHopper: true,
    thousands: 60,
    connect: connectByChannels,
    open: (kind, handle) => new Posted(kind, asLinks(handle)),
  },
  ring: {
    ...ofRing,
    title: 'ringbuf.js',
    isHopper: true,
    thousands: 400,
    open: (_, handle) => new Ring(handle, 1),
  },
  'ring-many': {
    ...ofRing,
    title: 'ringbuf.js, 100 at once',
    isHopper: false,
    thousands: 4_000,
    open: (_, handle) => new Ring(handle, 100),
  },
} satisfies Record<string, Contender>

export type Name = keyof typeof CONTENDERS
