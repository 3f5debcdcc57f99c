// Bits as one thread has them, of each contender: what a program would write.
import { SharedBitset } from 'tophash'
import { requirePackage } from '../rivals/packages.js'

/** Bits that a loop sets and reads. */
export interface Bits {
  add(bit: number): void
  has(bit: number): boolean
  /** Clears all. */
  clear(): void
  /** What another thread attaches with. */
  readonly handle?: unknown
}

export interface Contender {
  readonly title: string
  /** How many threads at once. */
  readonly threads: readonly number[]
  make(length: number): Promise<Bits>
  attach?(handle: unknown, length: number): Bits
}

class Words implements Bits {
  readonly handle: Uint32Array

  constructor(words: Uint32Array) {
    this.handle = words
  }

  add(bit: number): void {
    this.handle[bit >>> 5]! |= 1 << (bit & 31)
  }

  has(bit: number): boolean {
    return ((this.handle[bit >>> 5]! >>> (bit & 31)) & 1) === 1
  }

  clear(): void {
    this.handle.fill(0)
  }
}

/** The least that bits can cost which several threads change. It does not say who was the first. */
class AtomicWords extends Words {
  override add(bit: number): void {
    Atomics.or(this.handle, bit >>> 5, 1 << (bit & 31))
  }

  override has(bit: number): boolean {
    return ((Atomics.load(this.handle, bit >>> 5) >>> (bit & 31)) & 1) === 1
  }
}

const bytesOf = (length: number): number => 4 * Math.ceil(length / 32)

export const CONTENDERS = {
  array: {
    title: 'plain `Uint32Array`',
    threads: [1],
    make: async (length) => new Words(new Uint32Array(bytesOf(length) / 4)),
  },
  typedfastbitset: {
    title: 'typedfastbitset',
    threads: [1],
    make: async (length) => {
      const { TypedFastBitSet } = requirePackage('typedfastbitset') as {
        TypedFastBitSet: new () => Bits & { resize(n: number): void }
      }
      const bits = new TypedFastBitSet()
      bits.resize(length)
      return bits
    },
  },
  atomics: {
    title: '`Atomics` on shared memory',
    threads: [1, 2],
    make: async (length) => new AtomicWords(new Uint32Array(new SharedArrayBuffer(bytesOf(length)))),
    attach: (handle) => new AtomicWords(handle as Uint32Array),
  },
  tophash: {
    title: '`SharedBitset`',
    threads: [1, 2],
    make: async (length) => new SharedBitset({ length }),
    attach: (handle) => SharedBitset.attach(handle),
  },
} satisfies Record<string, Contender>

export type Name = keyof typeof CONTENDERS
