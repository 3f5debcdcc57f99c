// Made by scripts/mirror.mjs from assembly/layout/mirror.json, which says what belongs here: do not edit.

/** First word of every heap. */
export const MAGIC = 0x48504f54

export const LAYOUT_VERSION = 13

export const PAGE_BYTES = 65536

/** What memory is given out by. */
export const UNIT_BYTES = 1024

export const UNITS_PER_PAGE = 64

export const MAX_THREADS = 128

/** Size classes of blocks, and the one of overflow buckets. */
export const CLASSES = 42

export const BUCKET_CLASS = 39

/**
 * What a meta word says of a key or value, in its low 3 bits: how to read the payload, whose length in bytes is above
 * them. NUMBER and WORD have no payload; what they are is in 64 bits of their own.
 */
export const TYPE = {
  latin1: 0,
  utf16: 1,
  bytes: 2,
  bigint: 3,
  object: 4,
  number: 6,
  word: 7,
} as const

export const TYPE_MASK = 7

export const LENGTH_SHIFT = 3

/** Longest payload that a meta word can tell. */
export const MAX_PAYLOAD = 536870911

/** A block's payload lies behind its header. */
export const BLOCK_HEADER_BYTES = 8

/** What a heap's header takes, with its thread slots. */
export const HEADER_BYTES = 196608

/** Byte offsets in the heap header. */
export const HEADER = {
  magic: 0,
  layoutVersion: 4,
  idLow: 8,
  idHigh: 12,
  maxPages: 24,
  directory: 32,
} as const

/** Byte offsets of its words that change. */
export const LIMITS = {
  endPages: 64,
  records: 68,
  ring: 72,
} as const

/** Where the parts of the heap header begin and end. */
export const HEADER_PARTS = {
  identity: 0,
  identityEnd: 36,
  limits: 64,
  limitsEnd: 88,
  pool: 128,
  poolEnd: 156,
  maps: 208,
  mapsEnd: 240,
  sizeClasses: 256,
  sizeClassesEnd: 928,
  hints: 960,
  hintsEnd: 1000,
} as const

/** The rings that nobody writes to any more. */
export const RINGS_AT = 148

/** Raised by who waits for a lock in vain; who can tell dead threads waits on it. */
export const ASKED_AT = 192

/** The lock word of the page pool, and its count of units of large blocks. */
export const POOL_AT = 128

export const LARGE_UNITS_AT = 136

/** What hashes are keyed with. */
export const SECRETS = {
  first: 1024,
  end: 1064,
} as const

/** The counters of keys that were removed. */
export const RETIRED = {
  first: 148608,
  end: 164992,
} as const

/** First word of every collection's record. */
export const RECORD_MAGIC = 0x4c4c4f43

/** What records and stripes are aligned to. */
export const RECORD_ALIGNMENT = 128

/** Byte offsets in a record. */
export const RECORD = {
  magic: 0,
  structure: 4,
  keyKind: 8,
  valueKind: 12,
  codec: 16,
  generation: 24,
  references: 28,
} as const

/** In a record: the addresses of the threads' stripes. */
export const STRIPES_AT = 256

/** Set among a record's references when its collection was deleted. */
export const DOOMED = 0x80000000

/** Kinds as a record names them; `none` is what the values of a set are. */
export const KIND_CODES = {
  number: 1,
  string: 2,
  bigint: 3,
  bytes: 4,
  any: 5,
  none: 6,
} as const

/** Byte offsets in a stripe, what one thread keeps for a collection: how often it has it open, and what it has met with. */
export const STRIPE = {
  opens: 8,
  lockWaits: 16,
  readRetries: 20,
} as const

/** The first thread slot, the bytes of one, and what is in it. */
export const SLOTS_AT = 1152

export const SLOT_BYTES = 1152

export const SLOT = {
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
} as const

/** Where those of a thread slot begin. */
export const SLOT_PARTS = {
  journal: 64,
  journalEnd: 120,
  hands: 192,
  handsEnd: 320,
  log: 320,
  lists: 576,
} as const

/** In a slot: the address of the lock that the thread holds or is about to take. */
export const JOURNAL_LOCK = 64

/** In a slot: what else is not 0 as long as the thread is in the middle of an operation. */
export const UNDERWAY = {
  logged: 68,
  making: 72,
  deleting: 76,
  freeing: 80,
} as const

/** In a slot: of that lock, the word that was there; and the collection that it belongs to. */
export const JOURNAL = {
  word: 100,
  record: 104,
} as const

/** In a slot: the words of a structure's part of the journal that say that it is in the middle of something. */
export const OWN_JOURNAL = {
  first: 128,
  end: 144,
} as const

/** In a slot: memory in hand, each time an address and bytes; the one that a thread has for good. */
export const HANDS = {
  first: 192,
  end: 320,
  scratch: 192,
} as const

/** A slot's state: kind, who recovers, incarnation. */
export const SLOT_KIND = {
  free: 0,
  attached: 1,
  dead: 2,
  recovering: 3,
} as const

export const KIND_MASK = 3

export const BY_SHIFT = 2

export const BY_MASK = 255

/** What a lock word is made of: flags, and who has it or how often it was changed. */
export const LOCK = {
  locked: 1,
  live: 2,
  waiters: 4,
  fieldShift: 3,
} as const

/**
 * An event of a trace as readTrace() copies it: its number, times in milliseconds, kind and thread, table and
 * generation, and what else depends on the kind.
 */
export const EVENT = {
  start: 8,
  duration: 16,
  what: 24,
  record: 28,
  generation: 32,
  first: 36,
  second: 40,
  third: 44,
  fourth: 48,
  fifth: 52,
  number: 0,
} as const

export const EVENT_BYTES = 64

export const EVENT_THREAD_SHIFT = 8

/** Events that a ring can have room for. */
export const MOST_EVENTS = 4194304

/** What can happen, as an event's kind. */
export const EVENT_KIND = {
  growth: 1,
  evacuation: 2,
  overflow: 3,
  lockWait: 4,
  readRetry: 5,
  recovery: 6,
  memoryGrowth: 7,
  reserve: 8,
} as const

/** Byte offsets in a thread's scratch page: results, operands, and areas that hold a block each. */
export const SCRATCH = {
  status: 0,
  address: 4,
  cursor: 8,
  owner: 12,
  meta: 16,
  keyBlock: 20,
  word: 24,
  retired: 32,
  keyOperand: 64,
  valueOperand: 80,
  expectedOperand: 96,
  key: 128,
  value: 8192,
  answers: 32768,
  expected: 36864,
} as const

/** In an operand: its meta word, where its block lies, its 64 bits. */
export const OPERAND = {
  meta: 0,
  source: 4,
  word: 8,
} as const

/** Where a read tells the block of its key: that it is to tell it. */
export const KEY_AWAITED = 1

/** What an export returns, or leaves in the scratch page. */
export const STATUS = {
  absent: 0,
  found: 1,
  replaced: 0,
  inserted: 1,
  removed: 1,
  matched: 1,
  spared: 2,
  outOfMemory: -1,
  ownerUnresponsive: -2,
  tooManyThreads: -3,
  deleted: -4,
  notANumber: -5,
  overflow: -6,
  noRoom: -7,
  invalid: -8,
  corrupt: -9,
  closed: -10,
  pushed: 1,
  full: 0,
  tooLarge: -12,
  overtaken: -13,
  outdated: -14,
} as const

/** The steps after which the checked core calls out, in the order of their numbers. */
export const CHECKPOINTS = [
  'LockIntended',
  'LockTaken',
  'LockReleased',
  'WaiterFlagged',
  'LockAwaited',
  'WordWatched',
  'Noted',
  'Committed',
  'Undone',
  'HandFilled',
  'ListPopped',
  'LinkWritten',
  'ListPushed',
  'HandEmptied',
  'LargeSetAside',
  'RawOwned',
  'RawEntered',
  'SlabMade',
  'SlabLinked',
  'SlabUnlinked',
  'BatchTaken',
  'BlockReturned',
  'RunFound',
  'RunTaken',
  'UnitsCounted',
  'RunOwned',
  'HintsLowered',
  'RunGiven',
  'PagesHandedOut',
  'SpareTaken',
  'SpareKept',
  'OthersCalled',
  'Relieved',
  'BlockFilled',
  'KeyRetired',
  'LockSeen',
  'DepthSeen',
  'LevelSeen',
  'TagsSeen',
  'KeySeen',
  'LinkFollowed',
  'HeaderSeen',
  'ValueCopied',
  'ReadAgain',
  'ValueCompared',
  'SlotFilled',
  'SlotPublished',
  'BucketLinked',
  'CopyPublished',
  'OriginalWithdrawn',
  'BucketsCut',
  'BucketGiven',
  'ValueReplaced',
  'SlotWithdrawn',
  'Counted',
  'EndSeen',
  'EndPushed',
  'ChainSaved',
  'ChainEmptied',
  'SlotDrained',
  'ScratchDrained',
  'ChildNamed',
  'MoverCopied',
  'ChildLengthened',
  'ChildComplete',
  'ChildLive',
  'SplitCounted',
  'MoversWithdrawn',
  'CountersSeen',
  'RangeClaimed',
  'GrowthAwaited',
  'GrowthIntended',
  'GrowthTaken',
  'SegmentMade',
  'SegmentEntered',
  'LevelRaised',
  'SegmentOwned',
  'GrowthReleased',
  'ShrinkBegun',
  'DepthsLowered',
  'ShrinkOver',
  'EntryNamed',
  'EntryTried',
  'BitSeen',
  'TransferIntended',
  'TransferOver',
  'ItemStaged',
  'ItemWritten',
  'TailMoved',
  'QueueClosed',
  'TakingEntered',
  'HeadMoved',
  'BatchHeld',
  'BatchUnlinked',
  'BatchReturned',
  'WaitNoted',
  'WaitBegun',
  'WaitOver',
  'CallAnswered',
  'SignalRaised',
  'CreditsMoved',
  'PlaceClaimed',
  'EntryEvicted',
  'ListenerCounted',
  'RingOwned',
  'RemovalCopied',
  'RemovalClaimed',
  'RemovalPublished',
  'RecordTaken',
  'RecordLinked',
  'CollectionFilled',
  'CollectionPublished',
  'CollectionKept',
  'StripeMade',
  'CollectionOpened',
  'CollectionClosed',
  'CollectionDoomed',
  'GhostWithdrawn',
  'HeadDead',
  'CollectionEmpty',
  'DeletionOver',
  'PartFreed',
  'SlotTaken',
  'SlotGiven',
  'RecoveryBegun',
  'LockSettled',
  'HandsSettled',
  'GrowthSettled',
  'ChainsSettled',
  'RecoveryOver',
  'RecordingBegun',
  'EventClaimed',
  'EventFilled',
  'EventPublished',
  'RingEntered',
  'RingRetired',
  'RingTaken',
] as const
