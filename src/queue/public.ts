import type { SharedQueueConstructor } from './constructor.js'
import { SharedQueue as QueueClass } from './queue.js'

/** A bounded queue that all threads of the program share. */
export type SharedQueue<T = any> = QueueClass<T>
export const SharedQueue = QueueClass as unknown as SharedQueueConstructor

export type { SharedQueueConstructor } from './constructor.js'
export type { DrainOptions } from './drain.js'
export type { SharedQueueHandle } from './handle.js'
export type { AsyncWaitOptions, SharedQueueOptions, WaitOptions } from './options.js'
export type { Received } from './received.js'
export type { SharedQueueStats } from './stats.js'
