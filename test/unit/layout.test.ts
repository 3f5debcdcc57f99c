// The layout of a heap, pinned: all threads, whatever copy of the library they load, must agree on every byte of it. A
// change here is a change of LAYOUT_VERSION.
import { beforeAll, describe, expect, it } from 'vitest'
import * as core from '../../src/core/exports.js'
import { CHECKPOINTS } from '../../src/core/hooks.checked.js'
import { Questions } from './probe.js'

const questions = new Questions(`
import * as limits from './assembly/layout/limits'
import * as bucket from './assembly/layout/bucket'
import * as block from './assembly/layout/block'
import * as heap from './assembly/layout/heap'
import * as thread from './assembly/layout/thread'
import * as scratch from './assembly/layout/scratch'
import * as table from './assembly/layout/table'
import * as status from './assembly/layout/status'
import * as hold from './assembly/table/hold'
import * as trace from './assembly/layout/trace'
import { Checkpoint } from './assembly/sync/checkpoint'
`)
beforeAll(() => questions.answer())

/** Offset of a field. */
const at = (type: string, field: string): string => `offsetof<${type}>('${field}')`

describe('layout', () => {
  const bucket = questions.ask({
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

  it('keeps a bucket at 144 bytes: lock, next, tophash, 8 slots', () => {
    const found = bucket()
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

  const heap = questions.ask({
    limits: 'heap.LIMITS',
    pool: 'heap.POOL',
    batches: 'heap.BATCHES',
    batchesEnd: 'heap.BATCHES_END',
    threads: 'heap.THREADS',
    threadsEnd: 'thread.THREADS_END',
    headerBytes: 'limits.HEADER_PAGES * limits.PAGE_BYTES',
    slotBytes: 'thread.THREAD_SLOT_BYTES',
    journal: 'thread.JOURNAL',
    hands: 'thread.HANDS',
    handsEnd: 'thread.LOOSE_HANDS_END',
    log: 'thread.LOG',
    logEnd: 'thread.LOG + thread.LOG_ENTRIES * 16',
    identity: at('thread.ThreadSlot', 'nativeId'),
    slotHead: 'offsetof<thread.ThreadSlot>()',
    journalBytes: 'offsetof<thread.Journal>()',
    lists: 'thread.LISTS',
    carved: 'thread.CARVED',
    carvedEnd: 'thread.CARVED_END',
    saved: 'thread.SAVED',
    savedEnd: 'thread.SAVED_END',
    directory: 'table.DIRECTORY',
    stripes: 'table.STRIPES',
    stripesEnd: 'table.STRIPES_END',
    growing: 'table.GROWING',
    cursor: 'table.CURSOR',
    tableBytes: 'table.TABLE_BYTES',
    stripe: 'offsetof<table.Stripe>()',
    stripeBytes: 'table.STRIPE_BYTES',
  })

  it('keeps header, thread slots and tables where they are, in cache lines of their own', () => {
    const found = heap()
    expect(found).toEqual({
      limits: 64,
      pool: 128,
      batches: 256,
      batchesEnd: 640,
      threads: 1024,
      threadsEnd: 1024 + 128 * 1408,
      headerBytes: 196608,
      slotBytes: 1408,
      journal: 64,
      hands: 192,
      handsEnd: 320,
      log: 320,
      logEnd: 576,
      identity: 32,
      slotHead: 64,
      journalBytes: 88,
      lists: 576,
      carved: 960,
      carvedEnd: 1152,
      saved: 1152,
      savedEnd: 1296,
      directory: 64,
      stripes: 256,
      stripesEnd: 768,
      growing: 768,
      cursor: 896,
      tableBytes: 1024,
      stripe: 44,
      stripeBytes: 128,
    })
    expect(found.threadsEnd).toBeLessThanOrEqual(found.headerBytes!)
    expect(found.journal! + found.journalBytes!).toBeLessThanOrEqual(found.hands!)
    for (const alone of ['limits', 'pool', 'threads', 'slotBytes', 'growing', 'cursor', 'stripeBytes']) {
      expect(found[alone]! % 64, alone).toBe(0)
    }
  })

  const checkpoints = questions.ask(Object.fromEntries(CHECKPOINTS.map((name) => [name, `Checkpoint.${name}`])))

  it('has the same checkpoints on the TypeScript side', () => {
    expect(Object.values(checkpoints())).toEqual(CHECKPOINTS.map((_, number) => number))
  })

  const { EVENT, EVENT_KIND, HEADER, INSPECTED, TABLE, SCRATCH, OPERAND, HELD_ENTRY, STATUS, KIND_CODES, TYPE } = core
  const stated: Record<string, number> = {
    'limits.MAGIC': core.MAGIC,
    'limits.LAYOUT_VERSION': core.LAYOUT_VERSION,
    'limits.PAGE_BYTES': core.PAGE_BYTES,
    'limits.MAX_THREADS': core.MAX_THREADS,
    '(u64(limits.GROW_NUMERATOR) << limits.MAX_LEVEL) / limits.GROW_DENOMINATOR': core.MAX_CAPACITY,
    'table.TABLE_MAGIC': core.TABLE_MAGIC,
    'table.DOOMED': core.DOOMED,
    ...offsets('heap.HeapHeader', HEADER),
    ...offsets('table.Table', TABLE),
    'limits.HEADER_PAGES * limits.PAGE_BYTES': core.HEADER_BYTES,
    [`heap.LIMITS + ${at('heap.HeapLimits', 'endPages')}`]: core.LIMITS.endPages,
    [`heap.LIMITS + ${at('heap.HeapLimits', 'tables')}`]: core.LIMITS.tables,
    [`heap.POOL + ${at('heap.Pool', 'freeRuns')}`]: core.FREE_RUNS_AT,
    [`heap.LIMITS + ${at('heap.HeapLimits', 'ring')}`]: core.LIMITS.ring,
    [`heap.POOL + ${at('heap.Pool', 'rings')}`]: core.RINGS_AT,
    'table.TABLE_ALIGNMENT': core.TABLE_ALIGNMENT,
    'table.DIRECTORY': core.DIRECTORY_AT,
    'bucket.BUCKET_BYTES': core.BUCKET_BYTES,
    'heap.ASKED': core.ASKED_AT,
    [`heap.POOL + ${at('heap.Pool', 'lock')}`]: core.POOL_AT,
    'heap.THREADS': core.SLOTS_AT,
    'thread.THREAD_SLOT_BYTES': core.SLOT_BYTES,
    ...offsets('thread.ThreadSlot', core.SLOT),
    [`thread.JOURNAL + ${at('thread.Journal', 'lock')}`]: core.JOURNAL_LOCK,
    'thread.FREE': core.SLOT_KIND.free,
    'thread.ATTACHED': core.SLOT_KIND.attached,
    'thread.DEAD': core.SLOT_KIND.dead,
    'thread.RECOVERING': core.SLOT_KIND.recovering,
    'thread.kindOf(0xffffffff)': core.KIND_MASK,
    'thread.recovererOf(0xffffffff)': core.BY_MASK,
    'thread.stateOf(0, 0, 1)': 1 << core.BY_SHIFT,
    'table.NUMBER_KIND': KIND_CODES.number,
    'table.STRING_KIND': KIND_CODES.string,
    'table.BIGINT_KIND': KIND_CODES.bigint,
    'table.BYTES_KIND': KIND_CODES.bytes,
    'table.ANY_KIND': KIND_CODES.any,
    'table.NO_KIND': KIND_CODES.none,
    'block.LATIN1': TYPE.latin1,
    'block.UTF16': TYPE.utf16,
    'block.BYTES': TYPE.bytes,
    'block.BIGINT': TYPE.bigint,
    'block.OBJECT': TYPE.object,
    'block.NUMBER': TYPE.number,
    'block.WORD': TYPE.word,
    'block.payloadBytes(0xffffffff)': core.MAX_PAYLOAD,
    'block.BLOCK_HEADER_BYTES': core.BLOCK_HEADER_BYTES,
    [at('scratch.Results', 'status')]: SCRATCH.status,
    [at('scratch.Results', 'address')]: SCRATCH.address,
    [at('scratch.Results', 'cursor')]: SCRATCH.cursor,
    [at('scratch.Results', 'owner')]: SCRATCH.owner,
    [at('scratch.Results', 'meta')]: SCRATCH.meta,
    [at('scratch.Results', 'word')]: SCRATCH.word,
    'scratch.KEY_OPERAND': SCRATCH.keyOperand,
    'scratch.VALUE_OPERAND': SCRATCH.valueOperand,
    'scratch.EXPECTED_OPERAND': SCRATCH.expectedOperand,
    ...offsets('scratch.Operand', OPERAND),
    'limits.SCRATCH_KEY': SCRATCH.key,
    'limits.SCRATCH_VALUE': SCRATCH.value,
    'limits.SCRATCH_ANSWERS': SCRATCH.answers,
    'limits.SCRATCH_EXPECTED': SCRATCH.expected,
    ...offsets('hold.HeldEntry', { keyAt: HELD_ENTRY.keyAt, valueAt: HELD_ENTRY.valueAt }),
    'offsetof<hold.HeldEntry>()': HELD_ENTRY.bytes,
    'hold.MOST_HELD': HELD_ENTRY.most,
    [at('trace.TraceEvent', 'sequence')]: EVENT.number,
    ...offsets('trace.TraceEvent', without(EVENT, 'number')),
    'trace.EVENT_BYTES': core.EVENT_BYTES,
    'trace.THREAD_SHIFT': core.EVENT_THREAD_SHIFT,
    'trace.MOST_EVENTS': core.MOST_EVENTS,
    'trace.Kind.Growth': EVENT_KIND.growth,
    'trace.Kind.Evacuation': EVENT_KIND.evacuation,
    'trace.Kind.Overflow': EVENT_KIND.overflow,
    'trace.Kind.LockWait': EVENT_KIND.lockWait,
    'trace.Kind.ReadRetry': EVENT_KIND.readRetry,
    'trace.Kind.Recovery': EVENT_KIND.recovery,
    'trace.Kind.MemoryGrowth': EVENT_KIND.memoryGrowth,
    'trace.Kind.Reserve': EVENT_KIND.reserve,
    'limits.INSPECTED_CHAINS': INSPECTED.chains,
    'limits.MOST_CHAINS': INSPECTED.most,
    'limits.MOST_ENTRIES': INSPECTED.mostEntries,
    'limits.MOST_OVERFLOW': INSPECTED.mostOverflow,
    'status.ABSENT': STATUS.absent,
    'status.FOUND': STATUS.found,
    'status.REPLACED': STATUS.replaced,
    'status.INSERTED': STATUS.inserted,
    'status.REMOVED': STATUS.removed,
    'status.MATCHED': STATUS.matched,
    '-status.OUT_OF_MEMORY': -STATUS.outOfMemory,
    '-status.OWNER_UNRESPONSIVE': -STATUS.ownerUnresponsive,
    '-status.TOO_MANY_THREADS': -STATUS.tooManyThreads,
    '-status.DELETED': -STATUS.deleted,
    '-status.NOT_A_NUMBER': -STATUS.notANumber,
    '-status.OVERFLOW': -STATUS.overflow,
    '-status.INVALID': -STATUS.invalid,
    '-status.CORRUPT': -STATUS.corrupt,
  }
  const numbers = questions.ask(Object.fromEntries(Object.keys(stated).map((expression) => [expression, expression])))

  it('is stated the same on the TypeScript side', () => {
    expect(numbers()).toEqual(stated)
  })
})

const ring = questions.ask({
  ring: 'offsetof<trace.Ring>()',
  head: 'trace.RING_HEAD',
  events: 'trace.RING_EVENTS',
  event: 'offsetof<trace.TraceEvent>()',
  eventBytes: 'trace.EVENT_BYTES',
  least: 'trace.LEAST_EVENTS',
  room: 'trace.ringBytes(16)',
})

it('keeps the head of a ring, and each event, in cache lines of their own', () => {
  const found = ring()
  expect(found).toEqual({ ring: 12, head: 64, events: 128, event: 56, eventBytes: 64, least: 16, room: 128 + 16 * 64 })
})

function without(fields: Record<string, number>, left: string): Record<string, number> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== left))
}

/** Each field's offset expression with what the TypeScript side states. */
function offsets(type: string, fields: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(fields).map(([field, offset]) => [at(type, field), offset]))
}
