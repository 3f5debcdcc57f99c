//! Tells the program which compiler made it.
use std::{env, process::Command};

fn main() {
    let compiler = env::var("RUSTC").expect("cargo says which compiler it uses");
    let output = Command::new(compiler)
        .arg("--version")
        .output()
        .expect("the compiler runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split(' ').nth(1).unwrap_or("of unknown version");
    println!("cargo::rustc-env=COMPILER_VERSION={version}");
    println!("cargo::rerun-if-changed=build.rs");
}
