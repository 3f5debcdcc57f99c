//! Values: a rank in the low 24 bits, and above it a version, which says how often the value was written.

use crate::plan::{KIND_SHIFT, RANK_MASK};

const MOST_VERSION: u32 = 63;

/// What maps hold. A boolean is true, and counts as 1.
pub trait Value: Copy + Send + Sync + 'static {
    fn from_word(word: u32) -> Self;
    fn to_word(self) -> u32;
}

impl Value for u32 {
    #[inline]
    fn from_word(word: u32) -> u32 {
        word
    }

    #[inline]
    fn to_word(self) -> u32 {
        self
    }
}

impl Value for bool {
    #[inline]
    fn from_word(_: u32) -> bool {
        true
    }

    #[inline]
    fn to_word(self) -> u32 {
        self.into()
    }
}

pub fn value_of(rank: u32, version: u32) -> u32 {
    rank | (version & MOST_VERSION) << KIND_SHIFT
}

/// The value that replaces another one of the same rank.
pub fn next_of(value: u32) -> u32 {
    value_of(value & RANK_MASK, (value >> KIND_SHIFT) + 1)
}

/// The part of a value that is the same in all its versions.
pub fn lasting(value: u32) -> u64 {
    (value & RANK_MASK).into()
}

/// The same of what a cache has found, which must be the value of its key.
pub fn checked(value: u32, rank: u32) -> u64 {
    assert!(
        value & RANK_MASK == rank,
        "a key has the value of another one"
    );
    lasting(value)
}
