import type { Declared, Only } from '../collection/options.js'
import type { KindOf } from '../core/kinds.js'
import type { SharedQueueHandle } from './handle.js'
import type { SharedQueueOptions } from './options.js'
import type { SharedQueue } from './queue.js'

// How TypeScript sees the class: see map/constructor.ts.

/** The class SharedQueue. */
export interface SharedQueueConstructor {
  /** Makes a queue. T follows from the kind in `options`. */
  new <O extends SharedQueueOptions, T extends Declared<O, 'value', any>>(options: Only<O, SharedQueueOptions>): SharedQueue<T>
  /** Makes a queue of items of this type. */
  new <T = any>(options?: SharedQueueOptions<KindOf<T>>): SharedQueue<T>
  readonly prototype: SharedQueue<any>

  /** Opens, in this thread, the queue that another thread's `queue.handle` names: T is what the handle says. */
  attach<T>(handle: SharedQueueHandle<T>, options?: Pick<SharedQueueOptions, 'codec'>): SharedQueue<T>
  /** The same for a handle of unknown type, as it comes with a message: T is what the caller says. */
  attach<T = any>(handle: unknown, options?: Pick<SharedQueueOptions, 'codec'>): SharedQueue<T>
}
