//! papaya: lock-free. Its map is pinned before it is used; as its documentation advises, a pin serves many operations,
//! here those between two looks at the clock, and a thousand at most, so that memory is given back.

use crate::keys::Keys;
use crate::rival::{Session, Table};
use crate::values::Value;
use papaya::{Guard, HashMap, HashMapRef};
use std::hash::RandomState;

impl<K: Keys, V: Value> Table<K> for HashMap<K::Owned, V> {
    fn with_capacity(capacity: usize) -> Self {
        HashMap::with_capacity(capacity)
    }

    fn session(&self) -> impl Session<K> {
        self.pin()
    }

    fn size(&self) -> usize {
        self.len()
    }
}

impl<K: Keys, V: Value, G: Guard> Session<K> for HashMapRef<'_, K::Owned, V, RandomState, G> {
    fn get(&self, key: &K::Borrowed) -> Option<u32> {
        HashMapRef::get(self, key).map(|value| value.to_word())
    }

    fn set(&self, key: K::Owned, value: u32) {
        self.insert(key, V::from_word(value));
    }

    fn remove(&self, key: &K::Borrowed) -> bool {
        HashMapRef::remove(self, key).is_some()
    }

    fn increment(&self, _: &K::Borrowed) {
        unreachable!("counters have a map of their own: rival_papaya_counters.rs");
    }

    fn scan(&self, mut visit: impl FnMut(u32)) {
        for value in self.values() {
            visit(value.to_word());
        }
    }
}
