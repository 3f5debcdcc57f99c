// The layout of a heap, pinned: all threads, whatever copy of the library they load, must agree on every byte of it. A
// change here is a change of LAYOUT_VERSION.
import { describe, expect, it } from 'vitest'
import * as core from '../../src/core/exports.js'
import { evaluate } from './probe.js'

const IMPORTS = `
import * as limits from './assembly/layout/limits'
import * as bucket from './assembly/layout/bucket'
import * as block from './assembly/layout/block'
import * as heap from './assembly/layout/heap'
import * as thread from './assembly/layout/thread'
import * as table from './assembly/layout/table'
import * as status from './assembly/layout/status'
`

/** Offset of a field. */
const at = (type: string, field: string): string => `offsetof<${type}>('${field}')`

describe('layout', () => {
  it('keeps a bucket at 144 bytes: lock, next, tophash, 8 slots', async () => {
    const found = await evaluate(IMPORTS, {
      lock: at('bucket.Bucket', 'lock'),
      next: at('bucket.Bucket', 'next'),
      tophash: at('bucket.Bucket', 'tophash'),
      key0: at('bucket.Bucket', 'key0'),
      value0: at('bucket.Bucket', 'value0'),
      oneSlot: 'offsetof<bucket.Bucket>()',
      bytes: 'bucket.BUCKET_BYTES',
      overflowBytes: 'bucket.OVERFLOW_BUCKET_BYTES',
      slots: 'limits.SLOTS_PER_BUCKET',
      blockHeader: 'offsetof<block.Block>()',
    })
    expect(found).toEqual({
      lock: 0,
      next: 4,
      tophash: 8,
      key0: 16,
      value0: 24,
      oneSlot: 32,
      bytes: 144,
      overflowBytes: 160,
      slots: 8,
      blockHeader: 8,
    })
    expect(found.bytes).toBe(found.key0! + found.slots! * (found.oneSlot! - found.key0!))
    expect(found.bytes! % 16).toBe(0) // a slot's name keeps its index in the low 4 bits of the bucket's address
    expect(found.overflowBytes! % 32).toBe(0) // a link keeps the depth in its low 5 bits
  })

  it('keeps header, thread slots and tables where they are, in cache lines of their own', async () => {
    const found = await evaluate(IMPORTS, {
      limits: 'heap.LIMITS',
      pool: 'heap.POOL',
      batches: 'heap.BATCHES',
      batchesEnd: 'heap.BATCHES_END',
      threads: 'heap.THREADS',
      threadsEnd: 'thread.THREADS_END',
      headerBytes: 'limits.HEADER_PAGES * limits.PAGE_BYTES',
      slotBytes: 'thread.THREAD_SLOT_BYTES',
      journal: 'thread.JOURNAL',
      chunk: 'thread.CHUNK',
      lists: 'thread.LISTS',
      carved: 'thread.CARVED',
      carvedEnd: 'thread.CARVED_END',
      directory: 'table.DIRECTORY',
      stripes: 'table.STRIPES',
      stripesEnd: 'table.STRIPES_END',
      growing: 'table.GROWING',
      cursor: 'table.CURSOR',
      tableBytes: 'table.TABLE_BYTES',
      stripe: 'offsetof<table.Stripe>()',
      stripeBytes: 'table.STRIPE_BYTES',
    })
    expect(found).toEqual({
      limits: 64,
      pool: 128,
      batches: 256,
      batchesEnd: 448,
      threads: 1024,
      threadsEnd: 1024 + 128 * 896,
      headerBytes: 131072,
      slotBytes: 896,
      journal: 64,
      chunk: 192,
      lists: 256,
      carved: 640,
      carvedEnd: 832,
      directory: 64,
      stripes: 256,
      stripesEnd: 768,
      growing: 768,
      cursor: 896,
      tableBytes: 1024,
      stripe: 32,
      stripeBytes: 128,
    })
    expect(found.threadsEnd).toBeLessThanOrEqual(found.headerBytes!)
    for (const alone of ['limits', 'pool', 'threads', 'slotBytes', 'growing', 'cursor', 'stripeBytes']) {
      expect(found[alone]! % 64, alone).toBe(0)
    }
  })

  it('is stated the same on the TypeScript side', async () => {
    const found = await evaluate(IMPORTS, {
      MAGIC: 'limits.MAGIC',
      LAYOUT_VERSION: 'limits.LAYOUT_VERSION',
      TABLE_MAGIC: 'table.TABLE_MAGIC',
      PAGE_BYTES: 'limits.PAGE_BYTES',
      MAX_THREADS: 'limits.MAX_THREADS',
      capacity: '(u64(limits.GROW_NUMERATOR) << limits.MAX_LEVEL) / limits.GROW_DENOMINATOR',
      number: 'table.NUMBER_KIND',
      string: 'table.STRING_KIND',
      magic: at('heap.HeapHeader', 'magic'),
      layoutVersion: at('heap.HeapHeader', 'layoutVersion'),
      idLow: at('heap.HeapHeader', 'idLow'),
      idHigh: at('heap.HeapHeader', 'idHigh'),
      maxPages: at('heap.HeapHeader', 'maxPages'),
      tableMagic: at('table.Table', 'magic'),
      keyKind: at('table.Table', 'keyKind'),
      valueKind: at('table.Table', 'valueKind'),
      status: at('thread.Results', 'status'),
      address: at('thread.Results', 'address'),
      resultCursor: at('thread.Results', 'cursor'),
      owner: at('thread.Results', 'owner'),
      key: 'limits.SCRATCH_KEY',
      value: 'limits.SCRATCH_VALUE',
      outOfMemory: '-status.OUT_OF_MEMORY',
      ownerUnresponsive: '-status.OWNER_UNRESPONSIVE',
      tooManyThreads: '-status.TOO_MANY_THREADS',
      absent: 'status.ABSENT',
      found: 'status.FOUND',
      inserted: 'status.INSERTED',
      removed: 'status.REMOVED',
    })
    const { HEADER, TABLE, SCRATCH, STATUS, KIND_CODES } = core
    expect(found).toEqual({
      MAGIC: core.MAGIC,
      LAYOUT_VERSION: core.LAYOUT_VERSION,
      TABLE_MAGIC: core.TABLE_MAGIC,
      PAGE_BYTES: core.PAGE_BYTES,
      MAX_THREADS: core.MAX_THREADS,
      capacity: core.MAX_CAPACITY,
      number: KIND_CODES.number,
      string: KIND_CODES.string,
      magic: HEADER.magic,
      layoutVersion: HEADER.layoutVersion,
      idLow: HEADER.idLow,
      idHigh: HEADER.idHigh,
      maxPages: HEADER.maxPages,
      tableMagic: TABLE.magic,
      keyKind: TABLE.keyKind,
      valueKind: TABLE.valueKind,
      status: SCRATCH.status,
      address: SCRATCH.address,
      resultCursor: SCRATCH.cursor,
      owner: SCRATCH.owner,
      key: SCRATCH.key,
      value: SCRATCH.value,
      outOfMemory: -STATUS.outOfMemory,
      ownerUnresponsive: -STATUS.ownerUnresponsive,
      tooManyThreads: -STATUS.tooManyThreads,
      absent: STATUS.absent,
      found: STATUS.found,
      inserted: STATUS.inserted,
      removed: STATUS.removed,
    })
  })
})
