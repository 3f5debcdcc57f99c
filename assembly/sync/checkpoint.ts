/**
 * Checkpoints: between any two steps of which one changes something that another thread, or who recovers this one, may
 * see, or looks at something that others may change. In the checked build each calls out, so that a test can stop a
 * thread exactly there, or let it die. In the release build there is nothing: the call is compiled only where assertions
 * are.
 *
 * The names are the steps that have just been taken. test/recovery has a thread die at each; test/schedule switches from
 * one thread to another there.
 */
export const enum Checkpoint {
  // sync/lock.ts
  LockIntended, LockTaken, LockReleased,
  // sync/lock.ts: the thread is about to sleep, or has looked in vain and will look again
  WaiterFlagged, LockAwaited,
  // sync/journal.ts
  Noted, Committed, Undone,
  // memory/blocks.ts
  HandFilled, ListPopped, LinkWritten, ListPushed, HandEmptied, BatchPushed, BatchPopped, Cut, StretchMoved, RawCarved,
  RawEntered, LargeSetAside,
  // memory/pages.ts
  RunTaken, RunEntered, PagesEntered, PagesOwned,
  // table/value.ts, table/key.ts
  BlockFilled,
  // table/locate.ts, table/read.ts, table/iterate.ts, table/value.ts: without a lock, so all of it may be out of date
  LockSeen, DepthSeen, LevelSeen, TagsSeen, KeySeen, LinkFollowed, HeaderSeen, ValueCopied, ReadAgain,
  // table/chain.ts
  SlotFilled, SlotPublished, BucketLinked, CopyPublished, OriginalWithdrawn, BucketsCut, BucketGiven,
  // table/write.ts
  ValueReplaced, SlotWithdrawn, Counted,
  // table/clear.ts
  ChainSaved, ChainEmptied, SlotDrained, ScratchDrained,
  // table/evacuate.ts
  ChildNamed, MoverCopied, ChildLengthened, ChildComplete, ChildLive, SplitCounted, MoversWithdrawn,
  // table/grow.ts
  CountersSeen, RangeClaimed, GrowthAwaited,
  GrowthIntended, GrowthTaken, SegmentMade, SegmentEntered, LevelRaised, SegmentOwned, GrowthReleased,
  // collections.ts
  RecordTaken, RecordLinked, TableFilled, TablePublished, TableKept, StripeMade, TableOpened, TableClosed, TableDoomed,
  GhostWithdrawn, HeadDead, TableEmpty, DeletionOver, SegmentFreed, RecordFreed,
  // heap.ts, recovery.ts
  SlotTaken, SlotGiven, RecoveryBegun, LockSettled, HandsSettled, GrowthSettled, ChainsSettled,
  RecoveryOver,
  // sync/trace.ts, tracing.ts: only while somebody traces
  RecordingBegun, EventClaimed, EventFilled, EventPublished, RingEntered, RingRetired, RingTaken,
}

// @ts-ignore: decorator
@external('env', 'checkpoint')
declare function call(id: i32): void

// @ts-ignore: decorator
@inline
export function checkpoint(id: i32): void {
  if (!ASC_NO_ASSERT) call(id)
}
