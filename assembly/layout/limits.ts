// Every number that shapes a heap, each stated once. Changing one of them changes what other threads must
// agree on, so LAYOUT_VERSION goes up with it; test/unit/layout.test.ts pins them.

/** First word of every heap: the bytes of "TOPH". */
export const MAGIC: u32 = 0x48504f54
/** Rises whenever two builds could disagree about what the bytes of a heap mean. */
export const LAYOUT_VERSION: u32 = 13

/** What WebAssembly grows by. */
export const PAGE_BYTES: u32 = 65536
export const PAGE_SHIFT: u32 = 16
/** What memory is given out by, in runs. A page's units are the bits of one word. */
export const UNIT_BYTES: u32 = 1024
export const UNIT_SHIFT: u32 = 10
export const UNITS_PER_PAGE: u32 = 64
export const UNITS_PER_PAGE_SHIFT: u32 = 6
/** Pages that the heap header and the thread slots take. */
export const HEADER_PAGES: u32 = 3

/** Threads that can be attached to one heap at a time. */
export const MAX_THREADS: u32 = 128
/** A processor's cache line. Pairs of lines are fetched together, so what must not be shared is kept two apart. */
export const CACHE_LINE_BYTES: u32 = 64

/** Entries per bucket. The tophash bytes of a bucket are one 64-bit word, hence 8. */
export const SLOTS_PER_BUCKET: u32 = 8
/** The table grows when it holds more than GROW_NUMERATOR / GROW_DENOMINATOR = 6.5 entries per bucket. */
export const GROW_NUMERATOR: u32 = 13
export const GROW_DENOMINATOR: u32 = 2
/** Deepest level: 2^24 buckets of 144 bytes are 2.25 GiB. One doubling more would not fit into 4 GiB. */
export const MAX_LEVEL: u32 = 24
/** Last generation of a record: names tell a place by 53 bits, of which the address leaves a generation 28. */
export const MAX_GENERATION: u32 = 0x0fff_ffff
/** Level of a table whose creator asked for no capacity: 8 buckets, 52 entries before it grows. */
export const DEFAULT_LEVEL: u32 = 3

/** Size classes of the block allocator: 39 of blocks, and those of a single use: overflow buckets, stripes, tables' records. */
export const BUCKET_CLASS: u32 = 39
/** Bytes of a block of BUCKET_CLASS, all of which are aligned to 32. */
export const BUCKET_CLASS_BYTES: u32 = 160
export const STRIPE_CLASS: u32 = 40
export const RECORD_CLASS: u32 = 41
export const CLASSES: u32 = 42
/** Largest block of a size class; what is larger gets a run of units of its own. Every key that fits into scratch is smaller. */
export const MAX_CLASS_BYTES: u32 = 8160

/** What a thread's scratch page holds: results, operands, one key, then one value or a batch. See layout/scratch.ts. */
export const SCRATCH_OPERANDS: u32 = 64
export const SCRATCH_KEY: u32 = 128
export const SCRATCH_VALUE: u32 = 8192
export const SCRATCH_ANSWERS: u32 = 32768
/** Where compareAndSet finds what it expects, beside the value. */
export const SCRATCH_EXPECTED: u32 = 36864

/** Where inspectChains() writes in the value area what it says of each chain; chains of one call. */
export const INSPECTED_CHAINS: u32 = 512
export const MOST_CHAINS: u32 = 8192
/** What it can say of a chain's entries; and overflow buckets of one chain that it looks at. */
export const MOST_ENTRIES: u32 = 254
export const MOST_OVERFLOW: u32 = 64
