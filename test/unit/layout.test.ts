// The layout of a heap, pinned: all threads, whatever copy of the library they load, must agree on every byte of it. A
// change here is a change of LAYOUT_VERSION.
import { beforeAll, describe, expect, it } from 'vitest'
import {
  BY_MASK,
  BY_SHIFT,
  DOOMED,
  HEADER,
  KIND_CODES,
  KIND_MASK,
  LAYOUT_VERSION,
  LENGTH_SHIFT,
  LIMITS,
  LOCK,
  MAGIC,
  MAX_PAYLOAD,
  RECORD,
  SLOT,
  SLOT_KIND,
  TYPE,
  TYPE_MASK,
} from '../../src/core/layout.js'
import { HASH_MAP, TABLE } from '../../src/table/layout.js'
import { Questions } from './probe.js'

const questions = new Questions(`
import * as limits from './assembly/layout/limits'
import * as bucket from './assembly/structures/hashmap/layout/bucket'
import * as block from './assembly/layout/block'
import * as heap from './assembly/layout/heap'
import * as thread from './assembly/layout/thread'
import * as table from './assembly/structures/hashmap/layout/table'
import * as cache from './assembly/structures/hashmap/layout/cache'
import * as tableJournal from './assembly/structures/hashmap/layout/journal'
import * as record from './assembly/layout/record'
import * as stripe from './assembly/layout/stripe'
import * as trace from './assembly/layout/trace'
import * as wide from './assembly/structures/hashmap/layout/wide'
import * as classes from './assembly/memory/classes'
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
    expect(found.bytes! % 8).toBe(0) // a slot's name keeps its index in the low 3 bits of the bucket's address
    expect(found.overflowBytes! % 32).toBe(0) // a link keeps the depth in its low 5 bits
  })

  const wide = questions.ask({
    head: 'wide.WIDE_BUCKET_BYTES',
    overflow: 'classes.classBytes(wide.WIDE_CLASS)',
    idleHead: 'wide.IDLE_BUCKET_BYTES',
    idleOverflow: 'classes.classBytes(wide.IDLE_CLASS)',
    uses: 'wide.USES',
    never: 'wide.NEVER == 0xff_ffff_ffff ? 1 : 0',
  })

  it('keeps a bucket of a cache at 200 bytes, 192 where it has no ghosts, and at 96 more with idle times', () => {
    const found = wide()
    expect(found).toEqual({ head: 200, overflow: 192, idleHead: 296, idleOverflow: 320, uses: 144, never: 1 })
    expect(found.head! % 8).toBe(0) // a slot's name keeps its index in the low 3 bits of the bucket's address
    expect(found.overflow! % 32).toBe(0) // a link keeps the depth in its low 5 bits
  })

  const heap = questions.ask({
    limits: 'heap.LIMITS',
    pool: 'heap.POOL',
    mapsEnd: 'heap.MAPS_END',
    sizeClasses: 'heap.SIZE_CLASSES',
    sizeClassesEnd: 'heap.SIZE_CLASSES_END',
    hints: 'heap.HINTS',
    hintsEnd: 'heap.HINTS_END',
    secrets: 'heap.SECRETS',
    secretsEnd: 'heap.SECRETS_END',
    threads: 'heap.THREADS',
    threadsEnd: 'thread.THREADS_END',
    retired: 'thread.RETIRED',
    map: 'thread.MAP',
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
    ownJournal: 'thread.OWN_JOURNAL',
    ownJournalBytes: 'offsetof<tableJournal.TableJournal>()',
    lists: 'thread.LISTS',
    listsEnd: 'thread.LISTS_END',
    room: 'thread.ROOM',
    roomEnd: 'thread.ROOM + thread.ROOM_BYTES',
    directory: 'table.SEGMENTS',
    stripes: 'record.STRIPES',
    stripesEnd: 'record.STRIPES_END',
    growing: 'table.GROWING',
    cursor: 'table.CURSOR',
    tableBytes: 'record.RECORD_BYTES',
    stripe: 'offsetof<table.TableStripe>()',
    opens: at('stripe.Stripe', 'opens'),
    mapStripe: 'offsetof<table.MapStripe>()',
    cacheStripe: 'offsetof<cache.CacheStripe>()',
    stripeBytes: 'stripe.STRIPE_BYTES',
  })

  it('keeps header, thread slots and tables where they are, in cache lines of their own', () => {
    const found = heap()
    expect(found).toEqual({
      limits: 64,
      pool: 128,
      mapsEnd: 240,
      sizeClasses: 256,
      sizeClassesEnd: 928,
      hints: 960,
      hintsEnd: 1000,
      secrets: 1024,
      secretsEnd: 1064,
      threads: 1152,
      threadsEnd: 1152 + 128 * 1152,
      retired: 148_608,
      map: 148_608 + 2048 * 8,
      headerBytes: 196608,
      slotBytes: 1152,
      journal: 64,
      hands: 192,
      handsEnd: 320,
      log: 320,
      logEnd: 576,
      identity: 32,
      slotHead: 64,
      journalBytes: 56,
      ownJournal: 128,
      ownJournalBytes: 36,
      lists: 576,
      listsEnd: 912,
      room: 928,
      roomEnd: 1072,
      directory: 64,
      stripes: 256,
      stripesEnd: 768,
      growing: 768,
      cursor: 896,
      tableBytes: 1024,
      stripe: 44,
      opens: 8,
      mapStripe: 52,
      cacheStripe: 128,
      stripeBytes: 128,
    })
    expect(found.threadsEnd).toBeLessThanOrEqual(found.retired!)
    expect(found.map).toBeLessThanOrEqual(found.headerBytes!)
    expect(found.journal! + found.journalBytes!).toBeLessThanOrEqual(found.ownJournal!)
    expect(found.ownJournal! + found.ownJournalBytes!).toBeLessThanOrEqual(found.hands!)
    expect(found.cacheStripe!).toBeLessThanOrEqual(found.stripeBytes!)
    for (const alone of ['limits', 'pool', 'threads', 'retired', 'slotBytes', 'growing', 'cursor', 'stripeBytes']) {
      expect(found[alone]! % 64, alone).toBe(0)
    }
  })

  it('says at once, in any version, that this is a heap, and of which version', () => {
    expect([HEADER.magic, HEADER.layoutVersion, MAGIC, LAYOUT_VERSION]).toEqual([0, 4, 0x48504f54, 13])
  })

  it('keeps the words of header, records and slots that other threads look at', () => {
    expect(HEADER).toEqual({ magic: 0, layoutVersion: 4, idLow: 8, idHigh: 12, maxPages: 24, directory: 32 })
    expect(LIMITS).toEqual({ endPages: 64, records: 68, ring: 72 })
    expect({ ...RECORD, ...TABLE }).toEqual({
      magic: 0,
      structure: 4,
      keyKind: 8,
      valueKind: 12,
      codec: 16,
      generation: 24,
      references: 28,
      baseLevel: 36,
      level: 40,
      end: 48,
    })
    expect(SLOT).toEqual({
      state: 0,
      id: 4,
      sleptOn: 16,
      nativeId: 32,
      nativeStart: 36,
      threadId: 40,
      parent: 44,
      tokenLow: 48,
      tokenHigh: 52,
      vouched: 56,
    })
    expect(LOCK).toEqual({ locked: 1, live: 2, waiters: 4, fieldShift: 3 })
  })

  it('keeps the codes that lie in heaps', () => {
    expect(HASH_MAP).toBe(1)
    expect(KIND_CODES).toEqual({ number: 1, string: 2, bigint: 3, bytes: 4, any: 5, none: 6 })
    expect(TYPE).toEqual({ latin1: 0, utf16: 1, bytes: 2, bigint: 3, object: 4, number: 6, word: 7 })
    expect([TYPE_MASK, LENGTH_SHIFT, MAX_PAYLOAD]).toEqual([7, 3, 2 ** 29 - 1])
    expect(SLOT_KIND).toEqual({ free: 0, attached: 1, dead: 2, recovering: 3 })
    expect([KIND_MASK, BY_SHIFT, BY_MASK, DOOMED]).toEqual([3, 2, 255, 2 ** 31])
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
