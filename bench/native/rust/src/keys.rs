//! Keys: everything follows from a key's rank, the same in all languages (bench/streams/keys.ts).

use std::borrow::Borrow;
use std::hash::Hash;
use std::iter::repeat_n;

/// 0 number, 1 wide, 2 seen, 3 fresh, 4 long, 5 padded. Strings that were seen before and fresh ones are the same here:
/// Rust keeps no hash in a string.
pub const KEY_KINDS: u32 = 6;
const WIDE: u32 = 1;
const LONG: u32 = 4;
const PADDED: u32 = 5;

pub fn are_numbers(kind: u32) -> bool {
    kind <= WIDE
}

/// The keys of a plan. A map owns its keys, and is asked with borrowed ones, as in any program.
pub trait Keys: Sync + 'static {
    type Owned: Borrow<Self::Borrowed> + Hash + Eq + Send + Sync + 'static;
    type Borrowed: Hash + Eq + ?Sized;

    /// Calls a function with the key of a rank.
    fn with<R>(&self, rank: u32, use_key: impl FnOnce(&Self::Borrowed) -> R) -> R;

    /// The key that goes into a map. For strings this is an allocation, which belongs to the price of an insert.
    fn own(key: &Self::Borrowed) -> Self::Owned;
}

/// Numbers take no table: they are as quick to compute.
pub struct Numbers {
    wide: bool,
}

impl Numbers {
    pub fn new(kind: u32) -> Self {
        Numbers { wide: kind == WIDE }
    }
}

impl Keys for Numbers {
    type Owned = u64;
    type Borrowed = u64;

    #[inline]
    fn with<R>(&self, rank: u32, use_key: impl FnOnce(&u64) -> R) -> R {
        use_key(&if self.wide {
            wide_key(rank)
        } else {
            rank.into()
        })
    }

    #[inline]
    fn own(key: &u64) -> u64 {
        *key
    }
}

/// All texts in one, a fixed number of bytes apart: then a key costs one access to memory, like those of the contenders
/// that keep keys in the order of their streams.
pub struct Texts {
    all: String,
    stride: usize,
    /// The length of each is in its last byte.
    ragged: bool,
}

impl Texts {
    pub fn new(kind: u32, count: u32) -> Self {
        let stride = if kind == LONG { 64 } else { 16 };
        let ragged = kind != LONG && kind != PADDED;
        let mut all = String::with_capacity(count as usize * stride);
        for rank in 0..count {
            let key = text_key(kind, rank);
            all.push_str(&key);
            if ragged {
                all.extend(repeat_n('\0', stride - 1 - key.len()));
                all.push(char::from(key.len() as u8));
            }
        }
        Texts {
            all,
            stride,
            ragged,
        }
    }
}

impl Keys for Texts {
    type Owned = String;
    type Borrowed = str;

    #[inline]
    fn with<R>(&self, rank: u32, use_key: impl FnOnce(&str) -> R) -> R {
        let start = rank as usize * self.stride;
        let last = start + self.stride - 1;
        let length = if self.ragged {
            self.all.as_bytes()[last].into()
        } else {
            self.stride
        };
        use_key(&self.all[start..start + length])
    }

    #[inline]
    fn own(key: &str) -> String {
        key.to_owned()
    }
}

pub fn text_key(kind: u32, rank: u32) -> String {
    match kind {
        LONG => format!("key_{rank:060}"),
        PADDED => format!("key_{rank:012}"),
        _ => format!("key_{rank}"),
    }
}

fn wide_key(rank: u32) -> u64 {
    (u64::from(mix(!rank) >> 11) << 32) + u64::from(mix(rank))
}

/// The finalizer of MurmurHash3.
fn mix(bits: u32) -> u32 {
    let bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    let bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    bits ^ (bits >> 16)
}
