//! What a map has to offer, and the loop over the operations. The compiler writes the loop out for each map and kind of
//! keys, so that the calls within are direct, as in a user's program.

use crate::keys::Keys;
use crate::plan::{GET, INCREMENT, KIND_SHIFT, LOAD, MODIFY, RANK_MASK, REMOVE, SCAN, SET};
use crate::values::{checked, lasting, next_of, value_of};

pub trait Table<K: Keys>: Sync {
    /// With capacity 0 it is the map that users get by default. That of a cache is its bound.
    fn with_capacity(capacity: usize) -> Self;
    /// What a thread needs to work with the map, for a while.
    fn session(&self) -> impl Session<K>;
    fn size(&self) -> usize;
}

pub trait Session<K: Keys> {
    fn get(&self, key: &K::Borrowed) -> Option<u32>;
    fn set(&self, key: K::Owned, value: u32);
    fn remove(&self, key: &K::Borrowed) -> bool;
    fn increment(&self, key: &K::Borrowed);
    fn scan(&self, visit: impl FnMut(u32));
}

/// What a stream found, for the checksums.
#[derive(Default)]
pub struct Tally {
    pub operations: usize,
    pub hits: u64,
    /// Sum of what GET read.
    pub read: u64,
    pub removed: u64,
    pub visited: u64,
    /// Sum of what SCAN visited.
    pub scanned: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Tally) {
        self.operations += other.operations;
        self.hits += other.hits;
        self.read += other.read;
        self.removed += other.removed;
        self.visited += other.visited;
        self.scanned += other.scanned;
    }
}

/// Does a part of a stream, which begins at a place of it.
pub fn execute<K: Keys, T: Table<K>>(
    table: &T,
    keys: &K,
    operations: &[u32],
    place: usize,
) -> Tally {
    let map = table.session();
    let mut found = Tally {
        operations: operations.len(),
        ..Tally::default()
    };
    for (i, operation) in operations.iter().enumerate() {
        let rank = operation & RANK_MASK;
        match operation >> KIND_SHIFT {
            GET => {
                if let Some(value) = keys.with(rank, |key| map.get(key)) {
                    found.hits += 1;
                    found.read += lasting(value);
                }
            }
            SET => {
                let value = value_of(rank, (place + i + 1) as u32);
                keys.with(rank, |key| map.set(K::own(key), value));
            }
            REMOVE => found.removed += u64::from(keys.with(rank, |key| map.remove(key))),
            INCREMENT => keys.with(rank, |key| map.increment(key)),
            MODIFY => keys.with(rank, |key| {
                if let Some(value) = map.get(key) {
                    found.hits += 1;
                    map.set(K::own(key), next_of(value));
                }
            }),
            LOAD => keys.with(rank, |key| match map.get(key) {
                Some(value) => {
                    found.hits += 1;
                    found.read += checked(value, rank);
                }
                None => map.set(K::own(key), value_of(rank, (place + i + 1) as u32)),
            }),
            SCAN => map.scan(|value| {
                found.visited += 1;
                found.scanned += lasting(value);
            }),
            _ => unreachable!("plans were checked"),
        }
    }
    found
}
