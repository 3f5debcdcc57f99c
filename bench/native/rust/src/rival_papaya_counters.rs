//! papaya as a map of counters. Its documentation advises against `update` for them, which replaces the value; so the
//! values are atomic ones. A key to own is made only when the counter is not there yet.

use crate::keys::Keys;
use crate::rival::{Session, Table};
use papaya::{Guard, HashMap, HashMapRef};
use std::hash::RandomState;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

pub struct PapayaCounters<K: Keys>(HashMap<K::Owned, AtomicU32>);

struct Pinned<'map, K: Keys, G>(HashMapRef<'map, K::Owned, AtomicU32, RandomState, G>);

impl<K: Keys> Table<K> for PapayaCounters<K> {
    fn with_capacity(capacity: usize) -> Self {
        PapayaCounters(HashMap::with_capacity(capacity))
    }

    fn session(&self) -> impl Session<K> {
        Pinned::<K, _>(self.0.pin())
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

impl<K: Keys, G: Guard> Session<K> for Pinned<'_, K, G> {
    fn get(&self, key: &K::Borrowed) -> Option<u32> {
        self.0.get(key).map(|count| count.load(Relaxed))
    }

    fn set(&self, key: K::Owned, value: u32) {
        self.0.insert(key, AtomicU32::new(value));
    }

    fn remove(&self, key: &K::Borrowed) -> bool {
        self.0.remove(key).is_some()
    }

    fn increment(&self, key: &K::Borrowed) {
        let count = self
            .0
            .get(key)
            .unwrap_or_else(|| self.0.get_or_insert(K::own(key), AtomicU32::new(0)));
        count.fetch_add(1, Relaxed);
    }

    fn scan(&self, mut visit: impl FnMut(u32)) {
        for count in self.0.values() {
            visit(count.load(Relaxed));
        }
    }
}
