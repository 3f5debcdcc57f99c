//! dashmap: the standard hash map in shards, each behind a lock of its own.

use crate::keys::Keys;
use crate::rival::{Session, Table};
use crate::values::Value;
use dashmap::DashMap;

impl<K: Keys, V: Value> Table<K> for DashMap<K::Owned, V> {
    fn with_capacity(capacity: usize) -> Self {
        DashMap::with_capacity(capacity)
    }

    fn session(&self) -> impl Session<K> {
        self
    }

    fn size(&self) -> usize {
        self.len()
    }
}

impl<K: Keys, V: Value> Session<K> for &DashMap<K::Owned, V> {
    fn get(&self, key: &K::Borrowed) -> Option<u32> {
        DashMap::get(self, key).map(|value| value.to_word())
    }

    fn set(&self, key: K::Owned, value: u32) {
        self.insert(key, V::from_word(value));
    }

    fn remove(&self, key: &K::Borrowed) -> bool {
        DashMap::remove(self, key).is_some()
    }

    /// An entry needs a key to own, so one is made only when the counter is not there yet.
    fn increment(&self, key: &K::Borrowed) {
        let add_one = |count: &mut V| *count = V::from_word(count.to_word() + 1);
        if let Some(mut count) = self.get_mut(key) {
            return add_one(&mut count);
        }
        self.entry(K::own(key))
            .and_modify(add_one)
            .or_insert(V::from_word(1));
    }

    fn scan(&self, mut visit: impl FnMut(u32)) {
        for entry in self.iter() {
            visit(entry.value().to_word());
        }
    }
}
