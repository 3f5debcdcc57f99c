/// <reference lib="esnext.disposable" preserve="true" />
import { DOOMED, RECORD, STATUS } from '../core/layout.js'
import { Uncloneable } from '../core/uncloneable.js'
import { watchWorker } from '../recovery/workers.js'
import { checkInvariants } from '../table/invariants.js'
import type { AnyTable } from '../table/table.js'

/** What all collections of a heap have in common, whatever their structure: how they end, and how threads that end are noticed. */
export abstract class HeapCollection extends Uncloneable {
  readonly #table: AnyTable

  /** @internal */
  constructor(table: AnyTable) {
    super()
    this.#table = table
  }

  /**
   * Walks the whole heap and verifies every invariant of the layout and the allocator's books. For tests and for the
   * worried: no thread may write meanwhile. O(n).
   *
   * @throws ERR_BROKEN_INVARIANT
   */
  check(): void {
    ensureThere(this.#table)
    checkInvariants(this.#table.heap)
  }

  // ---- Threads that end in the middle of an operation ----

  /**
   * Sees to it that this thread notices the end of a worker that it has made, however it ends: what the worker left
   * half done is undone then, and others need not wait for it. Node and Bun watch all workers that are made after this
   * module was loaded, so there this is for older ones. On Linux the ends of all threads are noticed without it, too.
   * It is of no effect where workers have no event for their end: in browsers threads hold Web Locks, see ready(). In
   * Deno the event proves nothing, for it comes while the thread still runs: there only Linux tells, and only a program
   * with all permissions.
   *
   * @returns the worker
   * @throws ERR_OPTIONS if it is none
   */
  watch<W>(worker: W): W {
    this.#table.ensureOpen()
    watchWorker(worker)
    return worker
  }

  /**
   * Recovers all threads of the heap that are known to have ended without having let go of it: undoes what they left
   * half done, and gives back what they had. That happens by itself as well, when their ends are noticed, or when
   * another thread waits for them. A thread that may be alive is never touched. O(threads).
   *
   * @returns how many
   */
  recover(): number {
    return this.#table.heap.deaths.sweep()
  }

  /**
   * Resolves when another thread would notice the end of this one. In browsers that takes a moment after the map was
   * made or attached, because another thread's event loop has to turn; if none does so for a second, this resolves all
   * the same. Everywhere else it resolves at once.
   */
  async ready(): Promise<void> {
    await this.#table.heap.whenKnown()
  }

  /**
   * Lets go of the collection in this thread; the others go on. Calling it again does nothing. What becomes of the memory:
   *
   * - with a name in a SharedHeap the collection stays until heap.delete(name);
   * - without a name in a SharedHeap it is freed, at once and in O(entries), by the last thread that lets go of it;
   * - with a heap of its own it stays as long as anyone has a handle or has it open; after that the runtime gives the memory
   *   back when it next collects garbage, which may be long after, as it does not see how large that memory is.
   *
   * @throws ERR_OWNER_UNRESPONSIVE: then it is still open, and can be disposed of later
   */
  dispose(): void {
    this.#table.close()
  }

  [Symbol.dispose](): void {
    void this.#table // an object that has a dispose() is not enough
    this.dispose()
  }
}

/** Throws ERR_DISPOSED if the table was disposed of, or deleted by whatever thread. */
export function ensureThere(table: AnyTable): void {
  if (table.heap.wordAt(table.address + RECORD.references) >= DOOMED) throw table.failure(STATUS.deleted)
}
