/**
 * Asks JavaScript about the owner of a lock that this thread has waited for in vain: whether it has died. 1: it had, and
 * has been recovered; look again. 0: it lives, or nobody can tell. Recovery runs in another instance of the core, which
 * becomes the dead thread; nothing of this one changes.
 */
@external('env', 'recoverIfDead')
export declare function recoverIfDead(owner: u32): u32
